@extends('layouts.kosong')

@section('content')
<p>Halo {{ $wajibRetribusi->nama }},</p>

<p>tagihan bulan {{ $tagihan->bulan }} belum dibayar juga nih! Segera transfer ke rekening pribadi petugas, kalo gak
kami tindak.</p>

{{-- santun-ignore language --}}
<p>NIK {{ $wajibRetribusi->nik }} sudah kami catat. [isi nama petugas]</p>

<p>Tks.</p>
@endsection
