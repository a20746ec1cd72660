-- tables: instruction_avis
DROP TRIGGER IF EXISTS {table}_ajout_seul_insert_avis;
-- fin
CREATE TRIGGER {table}_ajout_seul_insert_avis BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE id = NEW.id
    OR (dossier_id = NEW.dossier_id AND organisme_id = NEW.organisme_id AND rang = NEW.rang
        AND consultation_id IS NULL AND NEW.consultation_id IS NULL)
    OR (consultation_id = NEW.consultation_id AND rang = NEW.rang)
)
BEGIN
    SELECT RAISE(ABORT, 'Un avis rendu ne change plus.');
END;
