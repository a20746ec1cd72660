"""La loi des organismes : numéros, noms, natures, ressemblances, fusions et fins."""
