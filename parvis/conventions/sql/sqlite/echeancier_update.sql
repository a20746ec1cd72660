-- tables: conventions_acte
DROP TRIGGER IF EXISTS {table}_echeancier_update;
-- fin
CREATE TRIGGER {table}_echeancier_update BEFORE UPDATE ON {table}
-- En préparation, un échéancier s'écrit ligne à ligne : il se compte quand il cesse de changer.
WHEN OLD.etat = 'prepare' AND NEW.etat NOT IN ('prepare', 'annule') AND NEW.montant <> COALESCE((
    SELECT SUM(montant) FROM conventions_echeance WHERE acte_id = NEW.id
), 0)
BEGIN
    SELECT RAISE(ABORT, 'Les échéances d’un acte font, au centime, ce qu’il engage en argent.');
END;
