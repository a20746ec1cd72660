"""Parcourir une page sans souris : la touche Tab mène partout, et les autres font le reste."""


def tabuler(page, nom: str, selecteur: str = "a, button, input, summary") -> None:
    """Frappe Tab jusqu'à ce que la main soit sur ce qui porte ce nom."""
    for _ in range(200):
        page.keyboard.press("Tab")
        ici = page.evaluate(
            """selecteur => {
              const ici = document.activeElement;
              if (!ici.matches(selecteur)) return "";
              const dit = ici.labels?.[0]?.innerText || ici.innerText || "";
              return dit.replace(/[\\s\\u00a0]+/g, " ");
            }""",
            selecteur,
        )
        if nom in ici:
            return
    raise AssertionError(f"La touche Tab ne mène pas à « {nom} ».")


def frapper(page, nom: str, touche: str = "Enter") -> None:
    """Va au clavier jusqu'à ce qui porte ce nom, et le presse."""
    tabuler(page, nom)
    page.keyboard.press(touche)
    page.wait_for_load_state("load")


def aller(page, nom: str) -> None:
    """Presse ce qui mène à une autre page, et attend qu'elle soit là."""
    with page.expect_navigation():
        frapper(page, nom)


def ecrire(page, nom: str, texte: str) -> None:
    """Va au clavier jusqu'au champ de ce nom, et y écrit à la place de ce qui s'y trouve."""
    tabuler(page, nom, "input, textarea")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(texte)


def choisir(page, premier: str, voulu: str) -> None:
    """Va au clavier jusqu'au premier choix d'une liste, puis descend jusqu'à celui que l'on veut."""
    tabuler(page, premier, "input[type=radio]")
    page.keyboard.press("Space")
    for _ in range(20):
        if voulu in page.evaluate("document.activeElement.labels[0].innerText"):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"Les flèches ne mènent pas à « {voulu} ».")
