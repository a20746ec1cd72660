-- tables: dossiers_versiondappel
DROP TRIGGER IF EXISTS {table}_publiee_insert;
-- fin
CREATE TRIGGER {table}_publiee_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE etat = 'publiee'
      AND (id = NEW.id OR (appel_id = NEW.appel_id AND numero = NEW.numero))
)
BEGIN
    SELECT RAISE(ABORT, 'Une version publiée d’un appel ne change plus.');
END;
