<?php

class Surel extends Mailable
{
    public function envelope()
    {
        return new Envelope(subject: 'Jadwal gak berubah');
    }
}
