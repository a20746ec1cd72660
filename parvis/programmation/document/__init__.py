"""Les documents de la programmation : ce qu’ils disent en parties neutres, et comment ils s’écrivent."""
