"""Word lists of the rules, in lower case."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: In nearly every message: no key is made of one.
STOP_WORDS = _words(
    """
    a an the and or but if of in on at to for from by with as is are was were be been am i you he she it we
    they me him her us them my your his its our their this that these those not no yes do does did have has
    had what who when where how why so then there here all any some can will would could should just like
    up out about into
    der die das und oder ist ein eine ich du er sie es wir ihr nicht mit von zu den dem
    le la les un une et ou est je tu il elle de du des el los las y o yo lo
    """
)
#: English writes them with a capital, and nobody asks who they are.
COMMON_NAMES = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december english french german spanish italian russian chinese
    japanese american british european christmas easter halloween god gods lord lady sir madam miss mister
    master mistress mom mum mommy dad daddy mother father grandma grandpa captain doctor professor king
    queen prince princess internet earth okay user char start bot
    """
)
