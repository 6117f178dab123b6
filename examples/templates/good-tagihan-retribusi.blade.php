@extends('layouts.surel')

@section('content')
<p>Yth. {{ $wajibRetribusi->nama }},</p>

<p>Terima kasih telah menggunakan layanan persampahan Kota Melati. Tagihan retribusi bulan {{ $tagihan->bulan }} sebesar
Rp{{ number_format($tagihan->jumlah, 0, ',', '.') }} sudah terbit dan dapat dibayar sampai dengan {{ $tagihan->batas }}.</p>

@if ($tagihan->tunggakan > 0)
    <p>Sampai hari ini masih ada tunggakan sebesar Rp{{ $tagihan->tunggakan }}. Apabila Bapak/Ibu memerlukan keringanan, loket
    kami siap membantu.</p>
@endif

<p><a href="{{ route('tagihan.bayar', $tagihan) }}">Lihat cara pembayaran</a></p>

{{-- santun-ignore language/slang: “gercep” adalah nama resmi tim --}}
<p>Tim gercep sampah hadir di {{ $kelurahan }}.</p>

<p>Atas perhatian Bapak/Ibu, kami ucapkan terima kasih.</p>

<p>Hormat kami,<br>
{{ $pejabat->nama }}<br>
{{ $pejabat->jabatan }}<br>
Dinas Lingkungan Hidup Kota Melati<br>
dlh@melati.go.id</p>
@endsection
