-- tables: journal_evenement
DROP TRIGGER IF EXISTS {table}_ajout_seul_insert;
-- fin
CREATE TRIGGER {table}_ajout_seul_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE id = NEW.id OR (contrat = NEW.contrat AND rang = NEW.rang)
)
BEGIN
    SELECT RAISE(ABORT, 'Le journal ne se modifie pas.');
END;
