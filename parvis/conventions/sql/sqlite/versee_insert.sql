-- tables: dossiers_demande
DROP TRIGGER IF EXISTS {table}_versee_insert;
-- fin
CREATE TRIGGER {table}_versee_insert BEFORE INSERT ON {table}
WHEN NEW.guichet = 'plateforme' AND (
    NEW.montant_verse IS NOT NULL
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (SELECT 1 FROM conventions_partdeversement WHERE demande_id = NEW.id)
)
BEGIN
    SELECT RAISE(ABORT, 'Ce qui est versé est ce que disent les versements notés.');
END;
