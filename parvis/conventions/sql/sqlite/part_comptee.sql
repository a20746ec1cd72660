-- tables: conventions_partdeversement
DROP TRIGGER IF EXISTS {table}_part_comptee;
-- fin
CREATE TRIGGER {table}_part_comptee AFTER INSERT ON {table}
BEGIN
    UPDATE dossiers_demande SET
        montant_verse = NULLIF(COALESCE((
        SELECT SUM(part.montant) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = dossiers_demande.id AND versement.annule_le IS NULL
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = dossiers_demande.id AND recu_le IS NOT NULL
    ), 0), 0),
        verse_le = CASE WHEN COALESCE((
        SELECT SUM(part.montant) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = dossiers_demande.id AND versement.annule_le IS NULL
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = dossiers_demande.id AND recu_le IS NOT NULL
    ), 0) = 0 THEN NULL ELSE (
        SELECT MAX(versement.verse_le) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = dossiers_demande.id AND versement.annule_le IS NULL
    ) END,
        montant_engage = NULLIF(COALESCE((
        SELECT SUM(ligne.montant) FROM conventions_lignedacte ligne
        JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = dossiers_demande.id AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    ), 0) - COALESCE((
        SELECT SUM(montant_degage) FROM conventions_partderetrait WHERE demande_id = dossiers_demande.id
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = dossiers_demande.id AND recu_le IS NOT NULL
    ), 0), 0),
        engage_le = CASE WHEN COALESCE((
        SELECT SUM(ligne.montant) FROM conventions_lignedacte ligne
        JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = dossiers_demande.id AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    ), 0) - COALESCE((
        SELECT SUM(montant_degage) FROM conventions_partderetrait WHERE demande_id = dossiers_demande.id
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = dossiers_demande.id AND recu_le IS NOT NULL
    ), 0) = 0 THEN NULL ELSE engage_le END
    WHERE id IN (NEW.demande_id);
    -- « INSERT OR IGNORE » taisait la contrainte : ce qui n'a pas été compté se refuse ici.
    SELECT RAISE(ABORT, 'On ne verse pas plus que ce qui est engagé.')
    FROM dossiers_demande demande
    WHERE demande.id IN (NEW.demande_id) AND (
        COALESCE(demande.montant_verse, 0) <> COALESCE((
        SELECT SUM(part.montant) FROM conventions_partdeversement part
        JOIN conventions_versement versement ON versement.id = part.versement_id
        WHERE part.demande_id = demande.id AND versement.annule_le IS NULL
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = demande.id AND recu_le IS NOT NULL
    ), 0)
        OR COALESCE(demande.montant_engage, 0) <> COALESCE((
        SELECT SUM(ligne.montant) FROM conventions_lignedacte ligne
        JOIN conventions_acte acte ON acte.id = ligne.acte_id
        WHERE ligne.demande_id = demande.id AND ligne.vaut AND acte.etat IN ('signe', 'notifie')
    ), 0) - COALESCE((
        SELECT SUM(montant_degage) FROM conventions_partderetrait WHERE demande_id = demande.id
    ), 0) - COALESCE((
        SELECT SUM(montant) FROM conventions_reversement
        WHERE demande_id = demande.id AND recu_le IS NOT NULL
    ), 0)
    );
END;
