"""Un montant en toutes lettres, comme un acte l'écrit."""

from decimal import Decimal

from num2words import num2words


def en_lettres(montant: Decimal) -> str:
    """Rend un montant en toutes lettres : « huit mille euros et cinquante centimes ».

    Lève ValueError si le montant est négatif.
    """
    if montant < 0:
        raise ValueError("Un montant négatif ne s'écrit pas en lettres.")
    euros, centimes = divmod(int(montant * 100), 100)
    dit = num2words(euros, lang="fr").replace("-et-", " et ")
    # « un million d'euros », « deux millions d'euros » : million et milliard sont des noms.
    liaison = " d’" if euros and euros % 1_000_000 == 0 else " "
    texte = f"{dit}{liaison}euro{'s' if euros >= 2 else ''}"
    if centimes:
        dits = num2words(centimes, lang="fr").replace("-et-", " et ")
        texte += f" et {dits} centime{'s' if centimes >= 2 else ''}"
    return texte
