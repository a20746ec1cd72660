-- tables: conventions_partderetrait
DROP TRIGGER IF EXISTS {table}_reprise_insert;
-- fin
CREATE TRIGGER {table}_reprise_insert BEFORE INSERT ON {table}
WHEN NOT EXISTS (
        SELECT 1 FROM conventions_retrait retrait
        -- Une convention et ses avenants sont une seule subvention.
        JOIN conventions_acte acte ON retrait.acte_id IN (acte.id, acte.modifie_id)
        JOIN conventions_lignedacte ligne ON ligne.acte_id = acte.id
        WHERE retrait.id = NEW.retrait_id AND retrait.etat = 'decide'
          AND ligne.id = NEW.ligne_id AND ligne.demande_id = NEW.demande_id
          AND ligne.vaut AND NOT ligne.est_en_nature AND ligne.montant >= NEW.montant
          AND ligne.montant >= NEW.montant_degage
    )
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (
        SELECT 1 FROM {table}
        WHERE id = NEW.id OR (retrait_id = NEW.retrait_id AND ligne_id = NEW.ligne_id)
    )
BEGIN
    SELECT RAISE(ABORT, 'Un retrait décidé reprend ce que son acte engage, et rien d’autre.');
END;
