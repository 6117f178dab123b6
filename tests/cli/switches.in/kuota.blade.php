{{-- santun-ignore-file email: potongan ini dipakai di dalam surel lain --}}
<p>Yth. {{ $nama }},</p>
{{-- santun-ignore language/slang: “Gercep” adalah nama program --}}
<p>Program Gercep membantu Bapak/Ibu, gak perlu antre.</p>
<p>Pendaftaran gak dipungut biaya.</p>
<!-- santun-ignore tone -->
{# santun-ignore privacy/nik, language/slangg, language/particle: coba-coba #}
<p>NIK 3678014107900001 sudah tercatat.</p>
