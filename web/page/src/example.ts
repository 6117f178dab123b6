// The message that “Coba contoh” shows: short, and wrong in many ways. All in it is made up.

export const EXAMPLE = `Dari: Dinas X <layanan.dinasx@gmail.com>
Kepada: Sari Lestari <sari.lestari@example.com>
Subjek: PENTING!!!

Halo Sis,

Soal KTP-el anda yg belum jadi, sudah saya cek. NIK 3678015207900004 memang belum dicetak karena blangko habis. Itu salah bagian gudang, bukan urusan kami.

Kalau nggak sabar, silahkan tanya sendiri. TOLONG DIBACA DULU pengumuman diatas loket, udah ditempel dari bulan lalu!!

Tks
Yanto
`;
