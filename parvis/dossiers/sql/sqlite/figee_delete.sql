-- tables: dossiers_lignedappel, dossiers_financeurdappel, dossiers_fichedappel, dossiers_piecedappel, dossiers_questiondappel, dossiers_criteredappel
DROP TRIGGER IF EXISTS {table}_figee_delete;
-- fin
CREATE TRIGGER {table}_figee_delete BEFORE DELETE ON {table}
WHEN EXISTS (SELECT 1 FROM dossiers_versiondappel WHERE id = OLD.version_id AND etat = 'publiee')
BEGIN
    SELECT RAISE(ABORT, 'Une version publiée d’un appel ne change plus.');
END;
