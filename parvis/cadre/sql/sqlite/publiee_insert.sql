-- tables: cadre_edition
DROP TRIGGER IF EXISTS {table}_publiee_insert;
-- fin
CREATE TRIGGER {table}_publiee_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE statut = 'publiee'
      AND (id = NEW.id OR (contrat_id = NEW.contrat_id AND code = NEW.code))
)
BEGIN
    SELECT RAISE(ABORT, 'Une édition publiée ne change plus.');
END;
