"""La loi des comptes : les rôles, les rattachements, qui voit quoi, la durée d'une session."""
