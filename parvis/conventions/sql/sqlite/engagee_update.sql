-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_engagee_update;
-- fin
CREATE TRIGGER {table}_engagee_update BEFORE UPDATE ON {table}
WHEN NEW.guichet = 'plateforme'
    AND (NEW.montant_engage IS NOT OLD.montant_engage OR NEW.guichet <> OLD.guichet)
    AND COALESCE(NEW.montant_engage, 0) <> COALESCE((
        SELECT SUM(ligne.montant) FROM conventions_lignedacte ligne
        JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = NEW.id AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    ), 0) - COALESCE((
        SELECT SUM(montant_degage) FROM conventions_partderetrait WHERE demande_id = NEW.id
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_partdecloture WHERE demande_id = NEW.id
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = NEW.id AND recu_le IS NOT NULL
    ), 0)
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est engagé est ce que disent les actes signés.');
END;
