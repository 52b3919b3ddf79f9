"""Words that say of a name what it names: “Lantern Guild” a faction, “Tarn River” a place. Pure."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a written-out list."""
    return frozenset(text.split())


#: Words in lower case, without accents, as `called.name_words` has them.
PLACE_KINDS = word_set(
    """
    abbey alley archipelago bay beach bridge canyon castle cathedral cave caverns cellar chapel church city
    cliff cliffs coast colony continent country county court cove crossing district dock docks duchy empire
    farm field fields ford forest fort fortress gallery garden gardens gate glade gorge grotto gulf hall
    harbor harbour heath hill hills hospital hotel house inn island islands isle isles keep kingdom lake land
    lands lane library lighthouse manor market marsh meadow mill mine mines monastery moor mountain mountains
    museum oasis palace park pass peak pier plains planet plaza point pond port prison quarter quay realm
    reef ridge river road rock ruins school sea shore shrine spire square station street swamp tavern temple
    theater theatre tomb tower town university vale valley village wall wharf wood woods yard
    berg brucke burg bucht dorf fluss gasse hafen haus hugel insel kirche konigreich platz reich schloss see
    stadt strasse tal turm wald
    baie chateau cite eglise foret ile lac mer montagne palais pont riviere royaume rue tour vallee ville
    bahia bosque calle castillo ciudad iglesia isla lago mar montana palacio playa plaza pueblo puente puerto
    reino rio torre valle aldeia castelo cidade floresta ilha igreja ponte porto praia rua vale
    """
)
FACTION_KINDS = word_set(
    """
    academy alliance army assembly band bank brigade brotherhood cabal church circle clan club coalition
    collective committee company concern confederation congregation consortium corporation council coven crew
    cult dynasty family federation fellowship fleet gang guard guards guild guilds horde house institute
    kin knights league legion lodge mafia ministry navy order orders pack party police regiment republic
    resistance sect senate sisterhood society squad syndicate synod tribe troupe union watch watchers
    bande bund bruderschaft clan familie garde gemeinschaft gesellschaft gilde kult orden partei rat sippe
    stamm wache zirkel zunft
    alliance armee clan compagnie confrerie conseil culte famille garde guilde ligue ordre parti societe
    alianza cofradia compania consejo culto ejercito familia gremio guardia hermandad liga orden partido
    sociedad tribu alianca companhia conselho exercito guarda guilda irmandade ordem sociedade tribo
    """
)
EVENT_KINDS = word_set(
    """
    accord age armistice assassination battle betrayal burning carnival cataclysm celebration ceremony
    collapse conquest coronation coup crash crisis crusade day drought earthquake eclipse election eve
    exodus fair fall famine feast festival fire flood funeral games gala harvest holiday hunt invasion
    jubilee massacre mutiny night parade peace pilgrimage plague procession purge race raid rebellion
    reckoning regatta revolt revolution riot riots rising ritual rite sacking schism shipwreck siege solstice
    storm strike sundering tournament treaty trial truce uprising vigil war wars wedding winter wreck year
    aufstand brand belagerung fest feier flut hochzeit jahrmarkt krieg kronung nacht pest prozess schlacht
    sturm turnier uberfall untergang verrat vertrag
    bataille couronnement fete foire guerre massacre nuit peste proces rebellion siege tempete tournoi traite
    asedio batalla boda coronacion feria fiesta guerra incendio masacre noche tormenta torneo tratado
    batalha casamento cerco coroacao feira festa noite tempestade tratado
    """
)
KINDS = PLACE_KINDS | FACTION_KINDS | EVENT_KINDS
