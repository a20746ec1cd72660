#!/usr/bin/env python3
"""Commandes de gestion de Parvis."""

from config.commande import main

if __name__ == "__main__":
    main()
