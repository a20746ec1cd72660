-- tables: conventions_versiondemodele
DROP TRIGGER IF EXISTS {table}_publie_update;
-- fin
CREATE TRIGGER {table}_publie_update BEFORE UPDATE ON {table}
-- UPDATE OR REPLACE efface une autre ligne sans réveiller les déclencheurs de suppression.
WHEN OLD.publiee_le IS NOT NULL OR EXISTS (
    SELECT 1 FROM {table}
    WHERE id <> OLD.id AND publiee_le IS NOT NULL
      AND (id = NEW.id OR (modele_id = NEW.modele_id AND numero = NEW.numero))
)
BEGIN
    SELECT RAISE(ABORT, 'Une version publiée d’un modèle ne change plus.');
END;
