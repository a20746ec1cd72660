-- tables: conventions_versiondemodele
DROP TRIGGER IF EXISTS {table}_publie_insert;
-- fin
CREATE TRIGGER {table}_publie_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE publiee_le IS NOT NULL
      AND (id = NEW.id OR (modele_id = NEW.modele_id AND numero = NEW.numero))
)
BEGIN
    SELECT RAISE(ABORT, 'Une version publiée d’un modèle ne change plus.');
END;
