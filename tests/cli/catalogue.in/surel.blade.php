---
subject: "Jadwal gak berubah"
---
<p>Yth. Bapak/Ibu {{ $nama }},</p>
