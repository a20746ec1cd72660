-- tables: conventions_acte
CREATE OR REPLACE FUNCTION {table}_signe() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Un acte reste au registre : il s’annule, il ne s’efface pas.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.etat <> 'prepare' THEN
            RAISE EXCEPTION 'Un acte naît en préparation.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.contrat_id, NEW.financeur_id, NEW.titulaire_id, NEW.exercice, NEW.rang, NEW.sorte,
        NEW.decision_id, NEW.modifie_id, NEW.faits, NEW.montant, NEW.montant_nature)
        IS DISTINCT FROM
        (OLD.id, OLD.contrat_id, OLD.financeur_id, OLD.titulaire_id, OLD.exercice, OLD.rang, OLD.sorte,
        OLD.decision_id, OLD.modifie_id, OLD.faits, OLD.montant, OLD.montant_nature)
        OR OLD.etat = 'annule'
        -- Notifié, plus rien ne change, sauf l'exemplaire signé revenu après coup.
        OR (OLD.etat = 'notifie' AND (
            OLD.scan_id IS NOT NULL OR NEW.scan_id IS NULL
            OR to_jsonb(NEW) - 'scan_id' IS DISTINCT FROM to_jsonb(OLD) - 'scan_id'
        ))
        -- Composé, ce qu'il dit ne change qu'en revenant en préparation ; signé, plus du tout.
        OR (OLD.etat IN ('a_signer', 'signe') AND NEW.etat <> 'prepare'
            AND (NEW.texte, NEW.objet, NEW.pied, NEW.fichier_id)
                IS DISTINCT FROM (OLD.texte, OLD.objet, OLD.pied, OLD.fichier_id))
        OR (OLD.etat = 'signe' AND (
            NEW.etat NOT IN ('signe', 'notifie', 'annule')
            OR (NEW.signe_le, NEW.signe_par) IS DISTINCT FROM (OLD.signe_le, OLD.signe_par)
            OR (OLD.scan_id IS NOT NULL AND NEW.scan_id IS DISTINCT FROM OLD.scan_id)
        ))
        OR (OLD.etat NOT IN ('a_signer', 'signe') AND NEW.etat = 'signe')
        OR (OLD.etat NOT IN ('signe', 'notifie') AND NEW.etat = 'notifie')
    THEN
        RAISE EXCEPTION 'Un acte garde ce qu’il dit et ne saute aucun pas ; notifié, il ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_signe ON {table};
-- fin
CREATE TRIGGER {table}_signe BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_signe();
