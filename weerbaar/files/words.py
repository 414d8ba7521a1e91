"""What is said to somebody whose file is not taken in: what is wrong, and what to do. In plain Dutch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "image": _("Afbeelding"),
    "pdf": _("Pdf"),
    "office": _("Document"),
    "mail": _("E-mail"),
    "audio": _("Geluid"),
    "video": _("Video"),
    "text": _("Tekst"),
    "archive": _("Zip-bestand"),
}
_SCREENSHOT = _("Maak een schermafdruk van wat u ziet, en voeg die toe.")
REASONS = {
    "missing": _("Kies eerst een bestand."),
    "empty": _("Dit bestand is leeg. Kies een ander bestand."),
    "too_big": _(
        "Dit bestand is groter dan 25 MB. Maak de video of opname korter, "
        "of vertel in uw verhaal dat u een groter bestand hebt."
    ),
    "too_many": _("U hebt al 10 bestanden toegevoegd. Verwijder er eerst een."),
    "no_room": _(
        "Wij kunnen nu even geen bestanden bewaren. Uw melding kunt u gewoon versturen. "
        "Voeg het bestand later toe bij het volgen van uw melding."
    ),
    "unknown": _(
        "Dit soort bestand nemen wij niet aan. Stuur een foto, schermafdruk, pdf, document, mail, "
        "geluid of video."
    ),
    "active": _(
        "Een webpagina, svg of script nemen wij niet aan, omdat zo'n bestand iets kan uitvoeren. "
        "Maak een schermafdruk van wat u ziet, en voeg die toe."
    ),
    "program": _(
        "Dit is een programma. Dat nemen wij niet aan, voor de veiligheid van wie uw bewijs bekijkt."
    ),
    "program_in_zip": _(
        "In dit bestand zit een programma. Haal het programma eruit, of voeg de andere bestanden los toe."
    ),
    "program_in_mail": _(
        "Bij deze mail zit een programma als bijlage. Maak een schermafdruk van de mail, en voeg die toe. "
        "Open de bijlage niet."
    ),
    "macros": _(
        "In dit document zit iets dat vanzelf kan starten, zoals een macro. "
        "Sla het op als pdf, of maak een schermafdruk, en voeg die toe."
    ),
    "old_office": _(
        "Dit is een oud soort document. Sla het op als pdf of als docx, xlsx of odt, en voeg dat toe."
    ),
    "packed": _(
        "Dit soort ingepakt bestand nemen wij niet aan. Stuur een zip, of voeg de bestanden los toe."
    ),
    "declared": _(
        "De naam van dit bestand past niet bij wat uw apparaat erover zegt. "
        "Kijk of de naam klopt, of maak een schermafdruk."
    ),
    "content": _("De inhoud van dit bestand past niet bij de naam. Kijk of u het goede bestand koos."),
    "polyglot": _(
        "In dit bestand zit een tweede bestand verborgen. Dat nemen wij niet aan. "
        "Maak een schermafdruk van wat u ziet, en voeg die toe."
    ),
    "script_in_pdf": _(
        "In deze pdf zit een script, formulier of ander bestand. "
        "Druk de pdf opnieuw af als pdf, of maak een schermafdruk, en voeg die toe."
    ),
    "password": _(
        "Dit bestand heeft een wachtwoord, daarom kunnen wij het niet controleren. Haal het wachtwoord eraf."
    ),
    "bomb": _(
        "Dit bestand wordt bij het openen zo groot dat een computer erop vastloopt. "
        "Maak een schermafdruk, of voeg de bestanden los toe."
    ),
    "unsafe_zip": _("Dit zip-bestand wil buiten zijn eigen map schrijven. Voeg de bestanden los toe."),
    "heavy": _(
        "Dit bestand is te ingewikkeld om te controleren. Sla het op als pdf, of maak een schermafdruk."
    ),
    "broken": _(
        "Dit bestand is beschadigd of niet te lezen. Maak een schermafdruk, of kies een ander bestand."
    ),
}
