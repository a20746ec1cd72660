-- tables: dossiers_lignedappel, dossiers_financeurdappel, dossiers_fichedappel, dossiers_piecedappel, dossiers_questiondappel, dossiers_criteredappel
DROP TRIGGER IF EXISTS {table}_figee_insert;
-- fin
CREATE TRIGGER {table}_figee_insert BEFORE INSERT ON {table}
WHEN EXISTS (
    SELECT 1 FROM dossiers_versiondappel
    WHERE etat = 'publiee'
      -- La seconde ligne voit REPLACE, qui effacerait en silence une ligne figée.
      AND id IN (NEW.version_id, (SELECT version_id FROM {table} WHERE id = NEW.id))
)
BEGIN
    SELECT RAISE(ABORT, 'Une version publiée d’un appel ne change plus.');
END;
