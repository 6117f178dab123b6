@component('mail::message')
# Tagihan

Yth. {{ $nama ?? 'Ibu' }},
@if($a < 1)
Mohon dibayar gak lama.
@endif
{% if x %}a{% endif %} <?php gak() ?> ${nama} [nama]
@endcomponent
