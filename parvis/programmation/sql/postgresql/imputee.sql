-- tables: dossiers_demande
-- Sans nommer de colonne : PostgreSQL refuserait alors de la retirer en revenant en arrière.
CREATE OR REPLACE FUNCTION {table}_imputee() RETURNS trigger AS $$
DECLARE
    enveloppe bigint;
    change_de_place boolean := (NEW.id, NEW.dossier_id, NEW.financeur_id, NEW.exercice, NEW.nature, NEW.guichet)
        IS DISTINCT FROM
        (OLD.id, OLD.dossier_id, OLD.financeur_id, OLD.exercice, OLD.nature, OLD.guichet);
BEGIN
    IF NEW.montant_vote IS NOT DISTINCT FROM OLD.montant_vote AND NOT change_de_place THEN
        RETURN NULL;
    END IF;
    -- Une photographie plus vieille que l'instant ne verrait pas l'imputation qui vient de se faire.
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'Un vote s’écrit dans une transaction « read committed ».'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT enveloppe_id INTO enveloppe FROM programmation_imputation WHERE demande_id = OLD.id;
    IF enveloppe IS NULL THEN RETURN NULL; END IF;
    IF change_de_place THEN
        RAISE EXCEPTION 'Une demande prise sur une enveloppe garde son financeur, son exercice et sa nature.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE programmation_enveloppe
        SET montant_vote = montant_vote + COALESCE(NEW.montant_vote, 0) - COALESCE(OLD.montant_vote, 0)
        WHERE id = enveloppe;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_imputee ON {table};
-- fin
CREATE TRIGGER {table}_imputee AFTER UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_imputee();
