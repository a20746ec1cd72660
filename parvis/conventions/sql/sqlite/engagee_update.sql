-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_engagee_update;
-- fin
CREATE TRIGGER {table}_engagee_update BEFORE UPDATE ON {table}
WHEN NEW.guichet = 'plateforme'
    AND (NEW.montant_engage IS NOT OLD.montant_engage OR NEW.guichet <> OLD.guichet)
    AND COALESCE(NEW.montant_engage, 0) <> (
        SELECT COALESCE(SUM(ligne.montant), 0)
        FROM conventions_lignedacte ligne JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = NEW.id AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    )
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est engagé est ce que disent les actes signés.');
END;
