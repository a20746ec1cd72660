"""Les titres que l'on donne en France aux colonnes qui disent où, et ceux qui n'en disent rien."""

# Les titres de chaque colonne, sans accent, espace ni ponctuation, du plus sûr au moins sûr.
TITRES = {
    "adresse": "adresse ladresse adressecomplete adressepostale adressepostalecomplete "
    "libelleadresse adresselibelle adressegeographique adressedusite adressedusiege adresse1 "
    "adressel1 adresseligne1 adr adrs addresse address fulladdress",
    "numero": "numerovoie numerodevoie numerodelavoie numvoie nvoie ndevoie novoie numerorue numrue "
    "nrue norue numerodanslavoie numeroadresse housenumber numero num no n",
    "suffixe": "suffixe suffixenumero repetition rep indicerepetition indicederepetition indrep "
    "indicerep bis bister btq",
    "type_voie": "typevoie typedevoie typedelavoie typvoie naturevoie naturedelavoie "
    "libelletypevoie voietype",
    "voie": "nomvoie nomdevoie nomdelavoie libellevoie libelledevoie libelledelavoie libvoie "
    "voienom nomrue nomdelarue voie rue street streetname",
    "cp_ville": "cpville cpetville cpcommune codepostalville codepostaletville codepostalcommune "
    "codepostaletcommune",
    "code_postal": "codepostal cp postcode codepostale codpostal codpost codepost cpostal cdpostal "
    "adressecodepostal postalcode zipcode zip",
    "commune": "commune ville nomcommune nomdelacommune communenom libellecommune "
    "libelledelacommune libcom nomcom nomville nomdelaville villenom libellelocalite localite "
    "adressecommune adresseville libgeo city",
    "commune_code": "codeinsee insee codeinseecommune codeinseedelacommune codecommuneinsee "
    "inseecommune inseecom inseecode codgeo depcom citycode codecommune communecode codecom "
    "communeinsee codeofficielcommune comarm com",
    "lon": "lon lng longitude long xlongitude longitudex longitudewgs84 lonwgs84 xwgs84 geolon "
    "coordonneelongitude",
    "lat": "lat latitude ylatitude latitudey latitudewgs84 latwgs84 ywgs84 geolat "
    "coordonneelatitude",
    "x": "x xlambert93 xlambert xl93 xlamb93 lambertx lambert93x coordx coordonneex coordonneesx "
    "coordxl93 xcoord geox xrgf93",
    "y": "y ylambert93 ylambert yl93 ylamb93 lamberty lambert93y coordy coordonneey coordonneesy "
    "coordyl93 ycoord geoy yrgf93",
    "lat_lon": "latlon latlng latlong latitudelongitude geopoint2d geopoint coordonnees "
    "coordonneesgps coordonneesgeo coordonneesgeographiques coordonneegps coordonneewgs84 "
    "coordonneeswgs84 coordgps coords coord gps geolocalisation geoloc geom point position xy "
    "localisation lonlat lnglat longlat longitudelatitude",
    "projection": "projection proj epsg codeepsg srid crs systemedeprojection systemeprojection "
    "systemedecoordonnees systemecoordonnees",
    "precision": "precision precisionm precisionmetres precisionenmetres precisionenm "
    "precisionxy accuracy incertitude incertitudem",
}  # fmt: skip
# À défaut d'un titre exact : ce que disent ses mots (« Code postal du siège », « insee_com_… »).
MOTIFS = {
    "adresse": r"(?:adresse|adr)\b(?!.*\b(?:e ?mails?|mel|courriels?|electronique|web|internet|ip|"
    r"url|site|telephon\w*|complement\w*|2|3|4)\b)",
    "code_postal": r".*\bcode postale?\b|cp\b",
    "commune": r"(?!.*\bnaissance\b)(?:nom (?:de la )?|libelle (?:de la )?)?(?:commune|ville|localite)\b",
    "commune_code": r"insee com|code insee|code (?:de la )?commune|commune (?:code )?insee",
    "lon": r"(?!.*\blat(?:itude)?\b).*\b(?:lon|lng|longitude)\b",
    "lat": r"(?!.*\b(?:lon|lng|long|longitude)\b).*\blat(?:itude)?\b",
}
TITRES_DE_PERSONNE = frozenset(
    """nom noms prenom prenoms tel telephone portable mobile fax mail mails email courriel mel
    civilite contact responsable president presidente referent referente naissance""".split()
)
LON_D_ABORD = frozenset("lonlat lnglat longlat longitudelatitude xy".split())
VOIE = (
    r"rue|r|avenue|av|ave|boulevard|bd|blvd|bvd|place|pl|allees?|all|chemin|che|impasse|imp|quai|"
    r"cours|route|rte|square|sq|passage|pas|sentier|sente|villa|cite|residence|res|mail|esplanade|"
    r"promenade|faubourg|fg|fbg|ruelle|venelle|voie|rond point|hameau|lotissement|lot|zone|za|zi|zac"
)
