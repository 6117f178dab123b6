@echo off
rem Memeriksa berkas yang dipilih, lalu menunggu sampai sebuah tombol ditekan.
rem Taruh berkas ini di folder shell:sendto agar muncul di menu Kirim ke, atau seret berkas pesan ke ikonnya.
rem Opsi dapat ditambahkan di baris yang memanggil lint, misalnya --channel chat.
setlocal
set "lint=%LOCALAPPDATA%\Programs\Santun\lint.exe"
if not exist "%lint%" set "lint=lint.exe"
"%lint%" %*
set "kode=%ERRORLEVEL%"
echo.
pause
exit /b %kode%
