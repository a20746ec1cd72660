-- tables: instruction_proposition
DROP TRIGGER IF EXISTS {table}_ajout_seul_insert_proposition;
-- fin
CREATE TRIGGER {table}_ajout_seul_insert_proposition BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE id = NEW.id
    OR (avis_id = NEW.avis_id AND demande_id = NEW.demande_id)
)
BEGIN
    SELECT RAISE(ABORT, 'Un avis rendu ne change plus.');
END;
