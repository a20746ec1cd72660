"""Des fichiers à déposer, vrais ou piégés, écrits octet par octet."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

from PIL import Image

from parvis.documents.actions import FichierControle, ranger
from parvis.documents.enums import Sorte, Verdict

# --- PDF -----------------------------------------------------------------------------------

_PAGES = {
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
}


def pdf(
    catalogue: bytes = b"",
    objets: dict[int, bytes] | None = None,
    fin: bytes = b"",
    queue: str = "",
) -> bytes:
    """Rend un PDF d'une page ; `catalogue` s'ajoute à sa racine, `fin` à son trailer."""
    tous = _PAGES | (objets or {}) | {1: b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>"}
    sortie, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for numero, objet in sorted(tous.items()):
        places[numero] = len(sortie)
        sortie += b"%d 0 obj\n" % numero + objet + b"\nendobj\n"
    debut, taille = len(sortie), max(tous) + 1
    sortie += b"xref\n0 %d\n0000000000 65535 f \n" % taille
    for numero in range(1, taille):
        sortie += b"%010d 00000 n \n" % places.get(numero, 0)
    sortie += b"trailer <</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (taille, fin, debut)
    return bytes(sortie) + queue.encode()


def pdf_comprime(catalogue: bytes, objets: dict[int, bytes]) -> bytes:
    """Rend un PDF dont la racine et des objets sont cachés dans un flux compressé."""
    internes = objets | {1: b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>"}
    tete, corps = b"", b""
    for numero, objet in internes.items():
        tete += b"%d %d " % (numero, len(corps))
        corps += objet + b" "
    boite, table = max([*internes, *_PAGES]) + 1, max([*internes, *_PAGES]) + 2
    flux = zlib.compress(tete + corps)
    sortie, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for numero, objet in _PAGES.items():
        places[numero] = len(sortie)
        sortie += b"%d 0 obj\n" % numero + objet + b"\nendobj\n"
    places[boite] = len(sortie)
    sortie += b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        boite, len(internes), len(tete), len(flux),
    ) + flux + b"\nendstream\nendobj\n"  # fmt: skip
    places[table] = debut = len(sortie)
    rangees = b""
    for numero in range(table + 1):
        if numero in places:
            rangees += b"\x01" + places[numero].to_bytes(4, "big") + b"\0\0"
        elif numero in internes:
            rang = list(internes).index(numero)
            rangees += b"\x02" + boite.to_bytes(4, "big") + rang.to_bytes(2, "big")
        else:
            rangees += bytes(7)
    sortie += b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % (
        table, table + 1, len(rangees),
    ) + rangees + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % debut  # fmt: skip
    return bytes(sortie)


_BOURRAGE = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def pdf_chiffre(mot_de_passe: bytes = b"") -> bytes:
    """Rend un PDF chiffré (RC4, 40 bits) ; sans mot de passe, il s'ouvre mais ne se copie pas."""
    proprietaire, droits, identifiant = b"P" * 32, -60, b"I" * 16
    secret = (mot_de_passe + _BOURRAGE)[:32]
    cle = hashlib.md5(
        secret + proprietaire + (droits & 0xFFFFFFFF).to_bytes(4, "little") + identifiant
    ).digest()[:5]
    clair = b"<%s>" % _rc4(cle, _BOURRAGE).hex().encode()
    fin = b"/ID[<%s><%s>]/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U%s/P %d>>" % (
        identifiant.hex().encode(), identifiant.hex().encode(), proprietaire.hex().encode(), clair,
        droits,
    )  # fmt: skip
    return pdf(fin=fin)


def _rc4(cle: bytes, texte: bytes) -> bytes:
    etat, j = list(range(256)), 0
    for i in range(256):
        j = (j + etat[i] + cle[i % len(cle)]) % 256
        etat[i], etat[j] = etat[j], etat[i]
    rendu, i, j = bytearray(), 0, 0
    for octet in texte:
        i = (i + 1) % 256
        j = (j + etat[i]) % 256
        etat[i], etat[j] = etat[j], etat[i]
        rendu.append(octet ^ etat[(etat[i] + etat[j]) % 256])
    return bytes(rendu)


# --- images --------------------------------------------------------------------------------


def image(format_: str = "JPEG", taille=(60, 40), mode: str = "RGB", **options) -> bytes:
    """Rend une image dont le coin en haut à gauche est rouge."""
    sortie, dessin = io.BytesIO(), Image.new(mode, taille, "white" if mode == "RGB" else 0)
    if mode == "RGB":
        dessin.paste("red", (0, 0, taille[0] // 2, taille[1] // 2))
    dessin.save(sortie, format_, **options)
    return sortie.getvalue()


def photo_localisee(format_: str = "JPEG") -> bytes:
    """Rend une photo de téléphone, couchée, avec son lieu, son appareil et un commentaire."""
    exif = Image.Exif()
    exif[0x0112] = 6  # à tourner d'un quart de tour
    exif[0x010F] = "Fabricant-Espion"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 47.0, 12.0), 3: "E", 4: (2.0, 23.0, 6.0)})
    if format_ == "JPEG":
        return image(exif=exif, comment=b"Commentaire-Secret", icc_profile=b"Profil-Traceur" * 9)
    from PIL.PngImagePlugin import PngInfo

    texte = PngInfo()
    texte.add_text("Author", "Commentaire-Secret", zip=False)
    return image("PNG", exif=exif, pnginfo=texte)


# --- documents de bureau -------------------------------------------------------------------

_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "docx": ("word/document.xml", f"{_OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet.main+xml"),
}
_LIENS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def archive(pieces: dict[str, bytes | str], **options) -> bytes:
    """Rend une archive ZIP de ces pièces."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as zippee:
        for nom, contenu in pieces.items():
            mode = zipfile.ZIP_STORED if nom == "mimetype" else zipfile.ZIP_DEFLATED
            zippee.writestr(nom, contenu, compress_type=options.get("mode", mode))
    return sortie.getvalue()


def liens(*suite: tuple[str, str, str]) -> str:
    """Rend une pièce de relations : la sorte, la cible, et « External » ou rien."""
    elements = "".join(
        f'<Relationship Id="r{rang}" Type="{_DOC}/{sorte}" Target="{cible}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for rang, (sorte, cible, mode) in enumerate(suite)
    )
    return f'<Relationships xmlns="{_LIENS}">{elements}</Relationships>'


def bureau(sorte: str = "docx", type_: str = "", **pieces: bytes | str | None) -> dict:
    """Rend les pièces d'un document Word ou Excel ; `type_` remplace celui de sa pièce principale."""
    principale, attendu = TYPES[sorte]
    types = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{principale}" ContentType="{type_ or attendu}"/></Types>'
    )
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": liens(("officeDocument", principale, "")),
        principale: f'<w:document xmlns:w="{W}"><w:body/></w:document>',
        **pieces,
    }


def odf(sorte: str = "odt", contenu: str = "", manifeste: str = "") -> dict:
    """Rend les pièces d'un document LibreOffice."""
    suite = {"odt": "text", "ods": "spreadsheet"}[sorte]
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{suite}",
        "META-INF/manifest.xml": '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f"{manifeste}</manifest>",
        "content.xml": f'<o:document-content xmlns:o="{office}">{contenu}</o:document-content>',
        "Configurations2/accelerator/current.xml": "",
    }


VALIDES = {
    Sorte.PDF: pdf,
    Sorte.JPEG: image,
    Sorte.PNG: lambda: image("PNG"),
    Sorte.DOCX: lambda: archive(bureau("docx")),
    Sorte.XLSX: lambda: archive(bureau("xlsx")),
    Sorte.ODT: lambda: archive(odf("odt")),
    Sorte.ODS: lambda: archive(odf("ods")),
}


def controle(nom: str = "statuts.pdf", octets: bytes = b"", **champs) -> FichierControle:
    """Rend un fichier tenu pour contrôlé, sans le relire dans un autre processus."""
    defauts = {"sorte": Sorte.PDF, "verdict": Verdict.NON_CONTROLE}
    return FichierControle(nom=nom, octets=octets or pdf(), **(defauts | champs))


def fichier(par, nom: str = "statuts.pdf", octets: bytes = b"", **champs):
    """Range un fichier tenu pour contrôlé."""
    return ranger(par=par, controle=controle(nom, octets, **champs))
