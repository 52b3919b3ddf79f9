"""The macros of a card's texts: ``{{char}}``, ``{{random:a,b}}``, ``<USER>``. Linear in any text.

Names and shapes follow SillyTavern's own definitions (``public/scripts/macros/definitions/*.js`` and
``MacroLexer.js``; before version 1.14 ``public/scripts/macros.js``), the Character Card V3 specification
("Curly Braced Syntaxes"), RisuAI's ``src/ts/cbs.ts`` and Agnai's ``common/grammar.ts``. ``<START>`` is no
macro: it parts example messages.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SILLYTAVERN = """
    user char group charifnotgroup groupnotmuted notchar persona original input pipe model ismobile
    summary charprompt charjailbreak charinstruction chardescription description charpersonality
    personality charscenario scenario mesexamples mesexamplesraw chardepthprompt charcreatornotes
    creatornotes charfirstmessage greeting charversion version char_version space newline noop trim if
    else reverse // comment roll random pick banned outlet maxprompt maxprompttokens maxcontext
    maxcontexttokens maxresponse maxresponsetokens time date weekday isotime isodate datetimeformat
    idleduration idle_duration timediff time_utc lastmessage lastmessageid lastusermessage lastcharmessage
    firstincludedmessageid firstdisplayedmessageid lastswipeid currentswipeid lastgenerationtype
    hasextension allchatrange setvar addvar incvar decvar getvar hasvar varexists deletevar flushvar
    setglobalvar addglobalvar incglobalvar decglobalvar getglobalvar hasglobalvar globalvarexists
    deleteglobalvar flushglobalvar . $ systemprompt defaultsystemprompt instructsystem
    instructsystemprompt instructsystempromptprefix instructsystempromptsuffix instructstorystringprefix
    instructstorystringsuffix instructuserprefix instructinput instructusersuffix instructassistantprefix
    instructoutput instructassistantsuffix instructseparator instructsystemprefix instructsystemsuffix
    instructfirstassistantprefix instructfirstoutput instructfirstoutputprefix instructlastassistantprefix
    instructlastoutput instructlastoutputprefix instructstop instructuserfiller
    instructsysteminstructionprefix instructfirstuserprefix instructfirstinput instructlastuserprefix
    instructlastinput instructconsecutiveassistantmessage exampleseparator chatseparator chatstart system
    wibefore wiafter lorebefore loreafter anchorbefore anchorafter
"""
_V3_SPECIFICATION = "char user random pick roll // hidden_key comment reverse"
_RISUAI = """
    bot triggerid previouscharchat previoususerchat charpersona chardesc exampledialogue examplemessage
    userpersona mainprompt systemprompt lorebook worldinfo userhistory usermessages charhistory
    charmessages jb jailbreak globalnote systemnote ujb chatindex firstmsgindex firstmessageindex blank
    none messagetime messagedate messageunixtimearray unixtime messageidleduration br newline axmodel role
    isfirstmsg isfirstmessage jbtoggled lastmessageindex tempvar gettempvar settempvar return calc
    setdefaultvar button risu equal notequal greater less greaterequal lessequal and or not file
    startswith endswith contains replace split join spread length arraylength lower upper capitalize round
    floor ceil abs remaind previouschatlog tonumber pow arrayelement dictelement objectelement
    objectassert dictassert element ele arrayshift arraypop arraypush arraysplice arrayassert makearray
    array makedict dict makeobject object emotionlist assetlist prefillsupported prefill screenwidth
    screenheight cbr cnl cnewline decbo decbc bo bc ddecbo ddecbc displayescapedcurlybracketopen
    displayescapedcurlybracketclose displayescapedbracketopen debo displayescapedbracketclose debc
    displayescapedanglebracketopen deabo displayescapedanglebracketclose deabc displayescapedcolon dec
    displayescapedsemicolon chardisplayasset history messages range moduleenabled moduleassetlist filter
    all any min max sum average fixnum fixnumber unicodeencode unicodedecode unicodedecodefromhex
    unicodeencodefromhex hash randint dice fromhex tohex metadata iserror xor xorencrypt xorencode
    xordecrypt xordecode crypt crypto caesar encrypt decrypt rollp rollpick hiddenkey tex latex katex ruby
    furigana codeblock asset emotion audio bg bgm video video-img image img path raw inlay inlayed
    inlayeddata source ifpure if_pure when :else pure puredisplay :each each slot position
"""
_AGNAI = """
    character impersonate impersonating impersonality all_personas all_personalities samplechat
    example_dialogue sample_chat example_dialog example_chat system_prompt system_note post memory msg
    msgs message text chat_age user_embed value chat_embed ltm long_memory longterm_memory
    long_term_memory bots insert lowpriority json var name i isuser isbot dialogue
"""
#: Lower-case names of the macros that some reader of cards replaces.
KNOWN = frozenset(f"{_SILLYTAVERN} {_V3_SPECIFICATION} {_RISUAI} {_AGNAI}".split())

#: RisuAI looks its names up without ``_``, ``-`` and spaces.
_SEPARATORS = str.maketrans("", "", "_-")
#: In a chat with one character these are that character.
_SAME_AS_CHAR = frozenset({"bot", "character", "group", "charifnotgroup", "groupnotmuted"})
_ANGLED = {name: name for name in ("user", "char", "group", "charifnotgroup")} | {"bot": "char"}
#: ``{{{`` is a brace before a macro, as SillyTavern reads it.
_MARKS = re.compile(r"\{\{(?!\{)|\}\}|<(?:user|bot|char|group|charifnotgroup)>", re.IGNORECASE)
#: SillyTavern's flags (``!?~#>``), then the name and what parts it from its argument.
_HEAD = re.compile(
    r"[!?~#>\s]{0,20}(?P<name>//|[.$](?=[^\W\d])|time_utc(?=[-+])|(?:json|var)(?=\.)|"
    r"/?:?[^\W\d][^\s:|{}]*(?=[\s:|]|\Z))(?:::|:)?",
    re.IGNORECASE,
)
#: Deeper than any card nests, and what keeps hostile texts from costing more than a walk.
_DEEPEST = 20
_NOTHING = frozenset({"//", "comment", "hidden_key", "noop"})
_LINE_ENDS = "\r\n"


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro in a text.

    Attributes:
        name: lower case; ``/if`` ends a block, ``.`` or ``$`` is a variable; ``<BOT>`` is ``char``.
        argument: what stands after the name, without the white space around it.
        start: where its first brace is.
        end: behind its last brace.
        known: some reader of cards replaces it.
    """

    name: str
    argument: str
    start: int
    end: int
    known: bool


def find_macros(text: str) -> tuple[Macro, ...]:
    """All macros by their start, also those in arguments of others. Braces without a name are text."""
    return tuple(sorted(_found(text), key=lambda macro: macro.start))


def substitute(text: str, values: Mapping[str, str]) -> str:
    """The text with every macro replaced whose value is known beforehand.

    That is those of `values` (lower-case name → text; ``char`` stands also for ``<BOT>`` and ``{{group}}``),
    comments (→ nothing), ``{{newline}}``, ``{{space}}`` and ``{{trim}}``. What a reader draws or knows only
    while chatting (random, pick, roll, variables …) stays as it is written. Values are not searched for
    macros.
    """
    pieces: list[str] = []
    done = 0
    for macro in find_macros(text):
        value = None if macro.start < done else _value(macro, values)
        if value is None:
            continue
        before = text[done : macro.start]
        done = macro.end
        if macro.name == "trim":
            before = before.rstrip(_LINE_ENDS)
            while done < len(text) and text[done] in _LINE_ENDS:
                done += 1
        pieces += (before, value)
    return "".join((*pieces, text[done:]))


def _value(macro: Macro, values: Mapping[str, str]) -> str | None:
    if macro.name in _NOTHING:
        return ""
    if macro.argument:
        return None
    name = "char" if macro.name in _SAME_AS_CHAR and macro.name not in values else macro.name
    return values.get(name, {"trim": "", "newline": "\n", "br": "\n", "space": " "}.get(name))


def _found(text: str) -> Iterator[Macro]:
    opened: deque[int] = deque(maxlen=_DEEPEST)
    for mark in _MARKS.finditer(text):
        if mark.group() == "{{":
            opened.append(mark.start())
        elif mark.group() != "}}":
            yield Macro(_ANGLED[mark.group()[1:-1].lower()], "", mark.start(), mark.end(), True)
        elif opened:
            start = opened.pop()
            head = _HEAD.match(text, start + 2, mark.start())
            if head:
                name = head["name"].lower()
                argument = text[head.end() : mark.start()].strip()
                yield Macro(name, argument, start, mark.end(), _is_known(name))


def _is_known(name: str) -> bool:
    bare = name if name == "//" else name.removeprefix("/")
    return bare in KNOWN or bare.translate(_SEPARATORS) in KNOWN
