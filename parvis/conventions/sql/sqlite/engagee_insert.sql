-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_engagee_insert;
-- fin
CREATE TRIGGER {table}_engagee_insert BEFORE INSERT ON {table}
WHEN (NEW.guichet = 'plateforme' AND NEW.montant_engage IS NOT NULL)
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (SELECT 1 FROM conventions_lignedacte WHERE demande_id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est engagé est ce que disent les actes signés.');
END;
