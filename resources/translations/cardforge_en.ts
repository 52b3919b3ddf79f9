<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>AssetsSection</name>
        <message numerus="yes">
            <source>%n icon(s) are named “main”: readers do not know which one to show.</source>
            <translation>
                <numerusform>%Ln icon is named “main”: readers do not know which one to show.</numerusform>
                <numerusform>%Ln icons are named “main”: readers do not know which one to show.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BatchBar</name>
        <message numerus="yes">
            <source>%n batch(es) are running. Choose one in the list of batches to see it here.</source>
            <translation>
                <numerusform>%Ln batch is running. Choose one in the list of batches to see it here.</numerusform>
                <numerusform>%Ln batches are running. Choose one in the list of batches to see it here.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n token(s)/s</source>
            <translation>
                <numerusform>%Ln token/s</numerusform>
                <numerusform>%Ln tokens/s</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BatchPanel</name>
        <message numerus="yes">
            <source>Drop to add %n source(s) to the queue</source>
            <extracomment>Rows are searched when nothing was typed for so long.</extracomment>
            <translation>
                <numerusform>Drop to add %Ln source to the queue</numerusform>
                <numerusform>Drop to add %Ln sources to the queue</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Start %n selected</source>
            <translation>
                <numerusform>Start %Ln selected</numerusform>
                <numerusform>Start %Ln selected</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Start %n card(s)</source>
            <translation>
                <numerusform>Start %Ln card</numerusform>
                <numerusform>Start %Ln cards</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BookCounts</name>
        <message numerus="yes">
            <source>%n book(s) added</source>
            <translation>
                <numerusform>%Ln book added</numerusform>
                <numerusform>%Ln books added</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n with warnings</source>
            <translation>
                <numerusform>%Ln with warnings</numerusform>
                <numerusform>%Ln with warnings</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n book(s) already there</source>
            <translation>
                <numerusform>%Ln book already there</numerusform>
                <numerusform>%Ln books already there</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s) without a book</source>
            <translation>
                <numerusform>%Ln card without a book</numerusform>
                <numerusform>%Ln cards without a book</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n not read</source>
            <translation>
                <numerusform>%Ln not read</numerusform>
                <numerusform>%Ln not read</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BookExportDialog</name>
        <message numerus="yes">
            <source>… and %n more</source>
            <translation>
                <numerusform>… and %Ln more</numerusform>
                <numerusform>… and %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BookHead</name>
        <message numerus="yes">
            <source>used by %Ln card(s)</source>
            <translation>
                <numerusform>used by %Ln card</numerusform>
                <numerusform>used by %Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln behind</source>
            <translation>
                <numerusform>%Ln behind</numerusform>
                <numerusform>%Ln behind</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BookList</name>
        <message numerus="yes">
            <source>%Ln book(s)</source>
            <translation>
                <numerusform>%Ln book</numerusform>
                <numerusform>%Ln books</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %Ln book(s)</source>
            <translation>
                <numerusform>%1 of %Ln book</numerusform>
                <numerusform>%1 of %Ln books</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BookSection</name>
        <message numerus="yes">
            <source>≈ %Ln token(s) if all are awake</source>
            <translation>
                <numerusform>≈ %Ln token if all are awake</numerusform>
                <numerusform>≈ %Ln tokens if all are awake</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln token(s) if all are awake</source>
            <translation>
                <numerusform>%Ln token if all are awake</numerusform>
                <numerusform>%Ln tokens if all are awake</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BooksPanel</name>
        <message numerus="yes">
            <source>Drop to import the books in %n file(s)</source>
            <translation>
                <numerusform>Drop to import the books in %Ln file</numerusform>
                <numerusform>Drop to import the books in %Ln files</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Browser</name>
        <message numerus="yes">
            <source>%1 of %Ln card(s)</source>
            <translation>
                <numerusform>%1 of %Ln card</numerusform>
                <numerusform>%1 of %Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln card(s)</source>
            <translation>
                <numerusform>%Ln card</numerusform>
                <numerusform>%Ln cards</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BuilderDialog</name>
        <message numerus="yes">
            <source>Start %n card(s)</source>
            <translation>
                <numerusform>Start %Ln card</numerusform>
                <numerusform>Start %Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n source(s) can't be read and are left out</source>
            <translation>
                <numerusform>%Ln source can't be read and are left out</numerusform>
                <numerusform>%Ln sources can't be read and are left out</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CardCommands</name>
        <message numerus="yes">
            <source>%n card(s) were deleted. Their files stay where they are.</source>
            <translation>
                <numerusform>%Ln card was deleted. Their files stay where they are.</numerusform>
                <numerusform>%Ln cards were deleted. Their files stay where they are.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s) are back.</source>
            <translation>
                <numerusform>%Ln card is back.</numerusform>
                <numerusform>%Ln cards are back.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) written</source>
            <translation>
                <numerusform>%Ln file written</numerusform>
                <numerusform>%Ln files written</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n left as they are</source>
            <translation>
                <numerusform>%Ln left as they are</numerusform>
                <numerusform>%Ln left as they are</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n failed</source>
            <translation>
                <numerusform>%Ln failed</numerusform>
                <numerusform>%Ln failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) written.</source>
            <translation>
                <numerusform>%Ln file written.</numerusform>
                <numerusform>%Ln files written.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CardTile</name>
        <message numerus="yes">
            <source>%Ln card(s)</source>
            <translation>
                <numerusform>%Ln card</numerusform>
                <numerusform>%Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>median of %Ln card(s)</source>
            <translation>
                <numerusform>median of %Ln card</numerusform>
                <numerusform>median of %Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln free card(s) left out</source>
            <translation>
                <numerusform>%Ln free card left out</numerusform>
                <numerusform>%Ln free cards left out</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln card(s) of unknown cost left out</source>
            <translation>
                <numerusform>%Ln card of unknown cost left out</numerusform>
                <numerusform>%Ln cards of unknown cost left out</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CardView</name>
        <message numerus="yes">
            <source>%n entry(s)</source>
            <translation>
                <numerusform>%Ln entry</numerusform>
                <numerusform>%Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>… and %n more entry(s). The editor shows them all.</source>
            <translation>
                <numerusform>… and %Ln more entry. The editor shows them all.</numerusform>
                <numerusform>… and %Ln more entries. The editor shows them all.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Carrier</name>
        <message numerus="yes">
            <source>Copied %n card(s) as file. Paste into a folder or another app.</source>
            <extracomment>Cards in a drag or on the clipboard; for more there is Export. Seconds that copies are kept: the program they were given to reads them when it wants to. What begins a drag, once its files are there.</extracomment>
            <translation>
                <numerusform>Copied %Ln card as file. Paste into a folder or another app.</numerusform>
                <numerusform>Copied %Ln cards as file. Paste into a folder or another app.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Up to %n card(s) can be carried at once. Use Export for more.</source>
            <translation>
                <numerusform>Up to %Ln card can be carried at once. Use Export for more.</numerusform>
                <numerusform>Up to %Ln cards can be carried at once. Use Export for more.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CategoryDialog</name>
        <message numerus="yes">
            <source>%Ln entry(s) will be without a category.</source>
            <translation>
                <numerusform>%Ln entry will be without a category.</numerusform>
                <numerusform>%Ln entries will be without a category.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s) will join those of “%1”.</source>
            <translation>
                <numerusform>%Ln entry will join those of “%1”.</numerusform>
                <numerusform>%Ln entries will join those of “%1”.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s) will change.</source>
            <translation>
                <numerusform>%Ln entry will change.</numerusform>
                <numerusform>%Ln entries will change.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CategoryRow</name>
        <message numerus="yes">
            <source>%Ln more category(s)</source>
            <translation>
                <numerusform>%Ln more category</numerusform>
                <numerusform>%Ln more categories</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ChecksPane</name>
        <message numerus="yes">
            <source>%n error(s)</source>
            <translation>
                <numerusform>%Ln error</numerusform>
                <numerusform>%Ln errors</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n warning(s)</source>
            <translation>
                <numerusform>%Ln warning</numerusform>
                <numerusform>%Ln warnings</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n hint(s)</source>
            <translation>
                <numerusform>%Ln hint</numerusform>
                <numerusform>%Ln hints</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CompareDialog</name>
        <message numerus="yes">
            <source>%n entry(s) in its book</source>
            <translation>
                <numerusform>%Ln entry in its book</numerusform>
                <numerusform>%Ln entries in its book</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s) are back.</source>
            <translation>
                <numerusform>%Ln card is back.</numerusform>
                <numerusform>%Ln cards are back.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n other card(s) were deleted. Their files stay where they are.</source>
            <translation>
                <numerusform>%Ln other card was deleted. Their files stay where they are.</numerusform>
                <numerusform>%Ln other cards were deleted. Their files stay where they are.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ConflictDialog</name>
        <message numerus="yes">
            <source>%n decision(s) left.</source>
            <translation>
                <numerusform>%Ln decision left.</numerusform>
                <numerusform>%Ln decisions left.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CopiesDialog</name>
        <message numerus="yes">
            <source>Put into %n card(s)</source>
            <translation>
                <numerusform>Put into %Ln card</numerusform>
                <numerusform>Put into %Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n more difference(s) are not shown.</source>
            <translation>
                <numerusform>%Ln more difference is not shown.</numerusform>
                <numerusform>%Ln more differences are not shown.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DayChart</name>
        <message numerus="yes">
            <source>%Ln call(s)</source>
            <translation>
                <numerusform>%Ln call</numerusform>
                <numerusform>%Ln calls</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DetailsDialog</name>
        <message numerus="yes">
            <source>%1 · %2, version %3 · %4 · %n attempt(s)</source>
            <translation>
                <numerusform>%1 · %2, version %3 · %4 · %Ln attempt</numerusform>
                <numerusform>%1 · %2, version %3 · %4 · %Ln attempts</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n call(s) · %1 tokens · %2</source>
            <translation>
                <numerusform>%Ln call · %1 tokens · %2</numerusform>
                <numerusform>%Ln calls · %1 tokens · %2</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n call(s) of unknown cost</source>
            <translation>
                <numerusform>and %Ln call of unknown cost</numerusform>
                <numerusform>and %Ln calls of unknown cost</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DiffView</name>
        <message numerus="yes">
            <source>%n change(s)</source>
            <translation>
                <numerusform>%Ln change</numerusform>
                <numerusform>%Ln changes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>EditDialog</name>
        <message numerus="yes">
            <source>%Ln entry(s) are selected. Only what you set here changes.</source>
            <extracomment>Fields whose new value is written.</extracomment>
            <translation>
                <numerusform>%Ln entry is selected. Only what you set here changes.</numerusform>
                <numerusform>%Ln entries are selected. Only what you set here changes.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Change %Ln entry(s)</source>
            <translation>
                <numerusform>Change %Ln entry</numerusform>
                <numerusform>Change %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %Ln entry(s) will change.</source>
            <translation>
                <numerusform>%1 of %Ln entry will change.</numerusform>
                <numerusform>%1 of %Ln entries will change.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>EntryCommands</name>
        <message numerus="yes">
            <source>%Ln entry(s) were copied to “%1”.</source>
            <translation>
                <numerusform>%Ln entry was copied to “%1”.</numerusform>
                <numerusform>%Ln entries were copied to “%1”.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s) were moved to “%1”.</source>
            <translation>
                <numerusform>%Ln entry was moved to “%1”.</numerusform>
                <numerusform>%Ln entries were moved to “%1”.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s) were copied.</source>
            <translation>
                <numerusform>%Ln entry was copied.</numerusform>
                <numerusform>%Ln entries were copied.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s) were cut.</source>
            <translation>
                <numerusform>%Ln entry was cut.</numerusform>
                <numerusform>%Ln entries were cut.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>EntryDragging</name>
        <message numerus="yes">
            <source>%Ln entry(s)</source>
            <extracomment>JSON of a list: the ids of the dragged entries.</extracomment>
            <translation>
                <numerusform>%Ln entry</numerusform>
                <numerusform>%Ln entries</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ExchangeCommands</name>
        <message numerus="yes">
            <source>The book was put into %n card(s).</source>
            <translation>
                <numerusform>The book was put into %Ln card.</numerusform>
                <numerusform>The book was put into %Ln cards.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s) were left as they are.</source>
            <translation>
                <numerusform>%Ln card was left as they are.</numerusform>
                <numerusform>%Ln cards were left as they are.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s) were changed since and stay as they are.</source>
            <translation>
                <numerusform>%Ln card was changed since and stay as they are.</numerusform>
                <numerusform>%Ln cards were changed since and stay as they are.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ExportDialog</name>
        <message numerus="yes">
            <source>Export %n card(s)</source>
            <translation>
                <numerusform>Export %Ln card</numerusform>
                <numerusform>Export %Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>… and %n more</source>
            <translation>
                <numerusform>… and %Ln more</numerusform>
                <numerusform>… and %Ln more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Looked through the first %1 of %n card(s).</source>
            <translation>
                <numerusform>Looked through the first %1 of %Ln card.</numerusform>
                <numerusform>Looked through the first %1 of %Ln cards.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %n card(s) lose something in this format:</source>
            <translation>
                <numerusform>%1 of %Ln card lose something in this format:</numerusform>
                <numerusform>%1 of %Ln cards lose something in this format:</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FileList</name>
        <message numerus="yes">
            <source>and %n more file(s)</source>
            <extracomment>Files that get a line of their own.</extracomment>
            <translation>
                <numerusform>and %Ln more file</numerusform>
                <numerusform>and %Ln more files</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FilterBar</name>
        <message numerus="yes">
            <source>%n tag(s)</source>
            <translation>
                <numerusform>%Ln tag</numerusform>
                <numerusform>%Ln tags</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n star(s) or more</source>
            <translation>
                <numerusform>%Ln star or more</numerusform>
                <numerusform>%Ln stars or more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FindBar</name>
        <message numerus="yes">
            <source>%n place(s) replaced</source>
            <translation>
                <numerusform>%Ln place replaced</numerusform>
                <numerusform>%Ln places replaced</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n place(s)</source>
            <translation>
                <numerusform>%Ln place</numerusform>
                <numerusform>%Ln places</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FindingsLine</name>
        <message numerus="yes">
            <source>%n error(s)</source>
            <translation>
                <numerusform>%Ln error</numerusform>
                <numerusform>%Ln errors</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n warning(s)</source>
            <translation>
                <numerusform>%Ln warning</numerusform>
                <numerusform>%Ln warnings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Frame</name>
        <message numerus="yes">
            <source>%n card(s) are not finished</source>
            <extracomment>The status bar is read anew at most so often; it counts seconds, not events.</extracomment>
            <translation>
                <numerusform>%Ln card is not finished</numerusform>
                <numerusform>%Ln cards are not finished</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Group</name>
        <message numerus="yes">
            <source>%n set</source>
            <extracomment>Fields that mean nothing unless another field says so.</extracomment>
            <translation>
                <numerusform>%Ln set</numerusform>
                <numerusform>%Ln set</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Head</name>
        <message numerus="yes">
            <source>%n error(s)</source>
            <translation>
                <numerusform>%Ln error</numerusform>
                <numerusform>%Ln errors</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n error(s) must be mended before this can be saved.</source>
            <translation>
                <numerusform>%Ln error must be mended before this can be saved.</numerusform>
                <numerusform>%Ln errors must be mended before this can be saved.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>HistoryPane</name>
        <message numerus="yes">
            <source>%n more field(s) not shown here.</source>
            <translation>
                <numerusform>%Ln more field not shown here.</numerusform>
                <numerusform>%Ln more fields not shown here.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s) were made with it</source>
            <translation>
                <numerusform>%Ln card was made with it</numerusform>
                <numerusform>%Ln cards were made with it</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ImportCounts</name>
        <message numerus="yes">
            <source>%n card(s) added</source>
            <translation>
                <numerusform>%Ln card added</numerusform>
                <numerusform>%Ln cards added</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n with warnings</source>
            <translation>
                <numerusform>%Ln with warnings</numerusform>
                <numerusform>%Ln with warnings</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n already there</source>
            <translation>
                <numerusform>%Ln already there</numerusform>
                <numerusform>%Ln already there</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n picture(s) only</source>
            <translation>
                <numerusform>%Ln picture only</numerusform>
                <numerusform>%Ln pictures only</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n not read</source>
            <translation>
                <numerusform>%Ln not read</numerusform>
                <numerusform>%Ln not read</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>IntoDialog</name>
        <message numerus="yes">
            <source>%Ln more difference(s) are not shown.</source>
            <translation>
                <numerusform>%Ln more difference is not shown.</numerusform>
                <numerusform>%Ln more differences are not shown.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>KeyChips</name>
        <message numerus="yes">
            <source>Show %n more</source>
            <translation>
                <numerusform>Show %Ln more</numerusform>
                <numerusform>Show %Ln more</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>KeysBox</name>
        <message numerus="yes">
            <source>%1 and at least %n other(s)</source>
            <translation>
                <numerusform>%1 and at least %Ln other</numerusform>
                <numerusform>%1 and at least %Ln others</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n other(s)</source>
            <translation>
                <numerusform>%1 and %Ln other</numerusform>
                <numerusform>%1 and %Ln others</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>LedgerExport</name>
        <message numerus="yes">
            <source>%Ln call(s) were written to %1.</source>
            <translation>
                <numerusform>%Ln call was written to %1.</numerusform>
                <numerusform>%Ln calls were written to %1.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>LibraryPanel</name>
        <message numerus="yes">
            <source>Drop to import %n file(s) into the library</source>
            <translation>
                <numerusform>Drop to import %Ln file into the library</numerusform>
                <numerusform>Drop to import %Ln files into the library</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>MergeDialog</name>
        <message numerus="yes">
            <source>Merge %Ln entry(s) into “%1”</source>
            <translation>
                <numerusform>Merge %Ln entry into “%1”</numerusform>
                <numerusform>Merge %Ln entries into “%1”</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Names</name>
        <message numerus="yes">
            <source>%n byte(s)</source>
            <translation>
                <numerusform>%Ln byte</numerusform>
                <numerusform>%Ln bytes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PictureQuestion</name>
        <message numerus="yes">
            <source>%n picture(s) without a character card</source>
            <translation>
                <numerusform>%Ln picture without a character card</numerusform>
                <numerusform>%Ln pictures without a character card</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PlanList</name>
        <message numerus="yes">
            <source>about %n word(s)</source>
            <translation>
                <numerusform>about %Ln word</numerusform>
                <numerusform>about %Ln words</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>up to %n token(s)</source>
            <translation>
                <numerusform>up to %Ln token</numerusform>
                <numerusform>up to %Ln tokens</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ProfileCommands</name>
        <message numerus="yes">
            <source>%n profile(s) were imported.</source>
            <translation>
                <numerusform>%Ln profile was imported.</numerusform>
                <numerusform>%Ln profiles were imported.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ProfileList</name>
        <message numerus="yes">
            <source>%n profile(s)</source>
            <translation>
                <numerusform>%Ln profile</numerusform>
                <numerusform>%Ln profiles</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %n profile(s)</source>
            <translation>
                <numerusform>%1 of %Ln profile</numerusform>
                <numerusform>%1 of %Ln profiles</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PromptPreview</name>
        <message numerus="yes">
            <source>%n more part(s), %1 tokens, not shown here.</source>
            <translation>
                <numerusform>%Ln more part, %1 tokens, not shown here.</numerusform>
                <numerusform>%Ln more parts, %1 tokens, not shown here.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueueCommands</name>
        <message numerus="yes">
            <source>%n row(s) removed. Finished cards stay in the library.</source>
            <translation>
                <numerusform>%Ln row removed. Finished cards stay in the library.</numerusform>
                <numerusform>%Ln rows removed. Finished cards stay in the library.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueueController</name>
        <message numerus="yes">
            <source>%n source(s) added.</source>
            <extracomment>Above this many changed items the whole queue is read. So many changed rows are put into the table before the window may do something else. Pause before a store that was busy is read again.</extracomment>
            <translation>
                <numerusform>%Ln source added.</numerusform>
                <numerusform>%Ln sources added.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueueDelegate</name>
        <message numerus="yes">
            <source>%1 · %n remark(s)</source>
            <extracomment>What came of a row; where nothing was spent yet an error takes all of these cells.</extracomment>
            <translation>
                <numerusform>%1 · %Ln remark</numerusform>
                <numerusform>%1 · %Ln remarks</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ReplaceDialog</name>
        <message numerus="yes">
            <source>Replace in %Ln entry(s)</source>
            <translation>
                <numerusform>Replace in %Ln entry</numerusform>
                <numerusform>Replace in %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 will change at %Ln place(s).</source>
            <translation>
                <numerusform>%1 will change at %Ln place.</numerusform>
                <numerusform>%1 will change at %Ln places.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln place(s) in keys will stay: the key would be no pattern any more.</source>
            <translation>
                <numerusform>%Ln place in keys will stay: the key would be no pattern any more.</numerusform>
                <numerusform>%Ln places in keys will stay: the key would be no pattern any more.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RulesOff</name>
        <message numerus="yes">
            <source>%n rule(s) switched off</source>
            <translation>
                <numerusform>%Ln rule switched off</numerusform>
                <numerusform>%Ln rules switched off</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SettingsPanel</name>
        <message numerus="yes">
            <source>%n card(s)</source>
            <translation>
                <numerusform>%Ln card</numerusform>
                <numerusform>%Ln cards</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SeveralCards</name>
        <message numerus="yes">
            <source>%n card(s) selected</source>
            <translation>
                <numerusform>%Ln card selected</numerusform>
                <numerusform>%Ln cards selected</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SeveralSelected</name>
        <message numerus="yes">
            <source>%Ln entry(s) are selected</source>
            <translation>
                <numerusform>%Ln entry is selected</numerusform>
                <numerusform>%Ln entries are selected</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SpentToday</name>
        <message numerus="yes">
            <source>%1 and %n call(s) of unknown price</source>
            <translation>
                <numerusform>%1 and %Ln call of unknown price</numerusform>
                <numerusform>%1 and %Ln calls of unknown price</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SplitDialog</name>
        <message numerus="yes">
            <source>%Ln entry(s) are made of one.</source>
            <translation>
                <numerusform>%Ln entry is made of one.</numerusform>
                <numerusform>%Ln entries are made of one.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Standing</name>
        <message numerus="yes">
            <source>%n decision(s) left</source>
            <translation>
                <numerusform>%Ln decision left</numerusform>
                <numerusform>%Ln decisions left</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>StatusBar</name>
        <message numerus="yes">
            <source>%n running</source>
            <translation>
                <numerusform>%Ln running</numerusform>
                <numerusform>%Ln running</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n failed</source>
            <translation>
                <numerusform>%Ln failed</numerusform>
                <numerusform>%Ln failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n waiting for Start</source>
            <translation>
                <numerusform>%Ln waiting for Start</numerusform>
                <numerusform>%Ln waiting for Start</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TagDialog</name>
        <message numerus="yes">
            <source>Tags of %n card(s)</source>
            <translation>
                <numerusform>Tags of %Ln card</numerusform>
                <numerusform>Tags of %Ln cards</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TargetDialog</name>
        <message numerus="yes">
            <source>Copy %Ln entry(s) to another book</source>
            <translation>
                <numerusform>Copy %Ln entry to another book</numerusform>
                <numerusform>Copy %Ln entries to another book</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Move %Ln entry(s) to another book</source>
            <translation>
                <numerusform>Move %Ln entry to another book</numerusform>
                <numerusform>Move %Ln entries to another book</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Tasks</name>
        <message numerus="yes">
            <source>%n finding(s) mended. Undo takes all of it back.</source>
            <translation>
                <numerusform>%Ln finding mended. Undo takes all of it back.</numerusform>
                <numerusform>%Ln findings mended. Undo takes all of it back.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) written. %1</source>
            <translation>
                <numerusform>%Ln file written. %1</numerusform>
                <numerusform>%Ln files written. %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) written.</source>
            <translation>
                <numerusform>%Ln file written.</numerusform>
                <numerusform>%Ln files written.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TokenCount</name>
        <message numerus="yes">
            <source>≈ %Ln token(s)</source>
            <translation>
                <numerusform>≈ %Ln token</numerusform>
                <numerusform>≈ %Ln tokens</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln token(s)</source>
            <translation>
                <numerusform>%Ln token</numerusform>
                <numerusform>%Ln tokens</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>WaitingPart</name>
        <message numerus="yes">
            <source>It waits for its turn: %n card(s) come before it.</source>
            <translation>
                <numerusform>It waits for its turn: %Ln card come before it.</numerusform>
                <numerusform>It waits for its turn: %Ln cards come before it.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>It is the next one: it begins when one of %n running card(s) ends.</source>
            <translation>
                <numerusform>It is the next one: it begins when one of %Ln running card ends.</numerusform>
                <numerusform>It is the next one: it begins when one of %Ln running cards ends.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>WishesForm</name>
        <message numerus="yes">
            <source>%n card(s)</source>
            <translation>
                <numerusform>%Ln card</numerusform>
                <numerusform>%Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Start %n card(s)</source>
            <translation>
                <numerusform>Start %Ln card</numerusform>
                <numerusform>Start %Ln cards</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Made of %n file(s). What you change is changed for all of them.</source>
            <translation>
                <numerusform>Made of %Ln file. What you change is changed for all of them.</numerusform>
                <numerusform>Made of %Ln files. What you change is changed for all of them.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>_SectionButton</name>
        <message numerus="yes">
            <source>%n error(s)</source>
            <translation>
                <numerusform>%Ln error</numerusform>
                <numerusform>%Ln errors</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n warning(s)</source>
            <translation>
                <numerusform>%Ln warning</numerusform>
                <numerusform>%Ln warnings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FoundSources</name>
        <message numerus="yes">
            <source>%n source(s) are in the queue or in this list already: %1</source>
            <translation>
                <numerusform>%Ln source is in the queue or in this list already: %1</numerusform>
                <numerusform>%Ln sources are in the queue or in this list already: %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Passed over %n file(s) that did not hold a card.</source>
            <translation>
                <numerusform>Passed over %Ln file that did not hold a card.</numerusform>
                <numerusform>Passed over %Ln files that did not hold a card.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BuilderSummary</name>
        <message numerus="yes">
            <source>%1 without %n card(s) of unknown price</source>
            <translation>
                <numerusform>%1 without %Ln card of unknown price</numerusform>
                <numerusform>%1 without %Ln cards of unknown price</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n engine(s) free</source>
            <translation>
                <numerusform>%Ln engine free</numerusform>
                <numerusform>%Ln engines free</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n source(s)</source>
            <translation>
                <numerusform>%Ln source</numerusform>
                <numerusform>%Ln sources</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n profile(s)</source>
            <translation>
                <numerusform>%Ln profile</numerusform>
                <numerusform>%Ln profiles</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n engine(s)</source>
            <translation>
                <numerusform>%Ln engine</numerusform>
                <numerusform>%Ln engines</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s)</source>
            <translation>
                <numerusform>%Ln card</numerusform>
                <numerusform>%Ln cards</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Queue</name>
        <message numerus="yes">
            <source>%n call(s) of unknown cost: the answer was cut off</source>
            <translation>
                <numerusform>%Ln call of unknown cost: the answer was cut off</numerusform>
                <numerusform>%Ln calls of unknown cost: the answer was cut off</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Facts</name>
        <message numerus="yes">
            <source>Sources</source>
            <translation>
                <numerusform>Sources</numerusform>
                <numerusform>Sources</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>StateFilter</name>
        <message numerus="yes">
            <source>%1, %n row(s)</source>
            <translation>
                <numerusform>%1, %Ln row</numerusform>
                <numerusform>%1, %Ln rows</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Batches</name>
        <message numerus="yes">
            <source>%n row(s)</source>
            <translation>
                <numerusform>%Ln row</numerusform>
                <numerusform>%Ln rows</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %n card(s) made</source>
            <translation>
                <numerusform>%1 of %Ln card made</numerusform>
                <numerusform>%1 of %Ln cards made</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n call(s) of unknown cost</source>
            <translation>
                <numerusform>%Ln call of unknown cost</numerusform>
                <numerusform>%Ln calls of unknown cost</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1, %n failed</source>
            <translation>
                <numerusform>%1, %Ln failed</numerusform>
                <numerusform>%1, %Ln failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1, %n cancelled</source>
            <translation>
                <numerusform>%1, %Ln cancelled</numerusform>
                <numerusform>%1, %Ln cancelled</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n card(s) of unknown price to come</source>
            <translation>
                <numerusform>%Ln card of unknown price to come</numerusform>
                <numerusform>%Ln cards of unknown price to come</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n card(s) of unknown price to come</source>
            <translation>
                <numerusform>%1 and %Ln card of unknown price to come</numerusform>
                <numerusform>%1 and %Ln cards of unknown price to come</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n failed</source>
            <translation>
                <numerusform>%Ln failed</numerusform>
                <numerusform>%Ln failed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n running</source>
            <translation>
                <numerusform>%Ln running</numerusform>
                <numerusform>%Ln running</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n waiting</source>
            <translation>
                <numerusform>%Ln waiting</numerusform>
                <numerusform>%Ln waiting</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n cancelled</source>
            <translation>
                <numerusform>%Ln cancelled</numerusform>
                <numerusform>%Ln cancelled</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Estimate</name>
        <message numerus="yes">
            <source>Reading the source(s)…</source>
            <translation>
                <numerusform>Reading the source…</numerusform>
                <numerusform>Reading the sources…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n source(s) still being read</source>
            <translation>
                <numerusform>%Ln source still being read</numerusform>
                <numerusform>%Ln sources still being read</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n card(s) of unknown price</source>
            <translation>
                <numerusform>and %Ln card of unknown price</numerusform>
                <numerusform>and %Ln cards of unknown price</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Books</name>
        <message numerus="yes">
            <source>Duplicate %Ln entry(s)</source>
            <translation>
                <numerusform>Duplicate %Ln entry</numerusform>
                <numerusform>Duplicate %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Delete %Ln entry(s)</source>
            <translation>
                <numerusform>Delete %Ln entry</numerusform>
                <numerusform>Delete %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Switch %Ln entry(s) on or off</source>
            <translation>
                <numerusform>Switch %Ln entry on or off</numerusform>
                <numerusform>Switch %Ln entries on or off</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Number the order of %Ln entry(s)</source>
            <translation>
                <numerusform>Number the order of %Ln entry</numerusform>
                <numerusform>Number the order of %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Tidy the keys of %Ln entry(s)</source>
            <translation>
                <numerusform>Tidy the keys of %Ln entry</numerusform>
                <numerusform>Tidy the keys of %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Move %Ln entry(s)</source>
            <translation>
                <numerusform>Move %Ln entry</numerusform>
                <numerusform>Move %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Copy %Ln entry(s)</source>
            <translation>
                <numerusform>Copy %Ln entry</numerusform>
                <numerusform>Copy %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Cut %Ln entry(s)</source>
            <translation>
                <numerusform>Cut %Ln entry</numerusform>
                <numerusform>Cut %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Paste %Ln entry(s)</source>
            <translation>
                <numerusform>Paste %Ln entry</numerusform>
                <numerusform>Paste %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Split an entry into %Ln</source>
            <translation>
                <numerusform>Split an entry into %Ln</numerusform>
                <numerusform>Split an entry into %Ln</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Merge %Ln entry(s)</source>
            <translation>
                <numerusform>Merge %Ln entry</numerusform>
                <numerusform>Merge %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Edit %Ln entry(s)</source>
            <translation>
                <numerusform>Edit %Ln entry</numerusform>
                <numerusform>Edit %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Set the category of %Ln entry(s)</source>
            <translation>
                <numerusform>Set the category of %Ln entry</numerusform>
                <numerusform>Set the category of %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Replace in %Ln entry(s)</source>
            <translation>
                <numerusform>Replace in %Ln entry</numerusform>
                <numerusform>Replace in %Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s)</source>
            <translation>
                <numerusform>%Ln entry</numerusform>
                <numerusform>%Ln entries</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln entry(s) added</source>
            <translation>
                <numerusform>%Ln entry added</numerusform>
                <numerusform>%Ln entries added</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln changed</source>
            <translation>
                <numerusform>%Ln changed</numerusform>
                <numerusform>%Ln changed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln removed</source>
            <translation>
                <numerusform>%Ln removed</numerusform>
                <numerusform>%Ln removed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Costs</name>
        <message numerus="yes">
            <source>%Ln other model(s)</source>
            <translation>
                <numerusform>%Ln other model</numerusform>
                <numerusform>%Ln other models</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %Ln more</source>
            <translation>
                <numerusform>and %Ln more</numerusform>
                <numerusform>and %Ln more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln call(s) of unknown price</source>
            <translation>
                <numerusform>%Ln call of unknown price</numerusform>
                <numerusform>%Ln calls of unknown price</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln call(s) · %1 tokens</source>
            <translation>
                <numerusform>%Ln call · %1 tokens</numerusform>
                <numerusform>%Ln calls · %1 tokens</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 + %Ln unknown</source>
            <translation>
                <numerusform>%1 + %Ln unknown</numerusform>
                <numerusform>%1 + %Ln unknown</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Format</name>
        <message numerus="yes">
            <source>%Ln token(s)</source>
            <translation>
                <numerusform>%Ln token</numerusform>
                <numerusform>%Ln tokens</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n h</source>
            <translation>
                <numerusform>%Ln h</numerusform>
                <numerusform>%Ln h</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>≈ %Ln token(s)</source>
            <translation>
                <numerusform>≈ %Ln token</numerusform>
                <numerusform>≈ %Ln tokens</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n s</source>
            <translation>
                <numerusform>%Ln s</numerusform>
                <numerusform>%Ln s</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min</source>
            <translation>
                <numerusform>%Ln min</numerusform>
                <numerusform>%Ln min</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min ago</source>
            <translation>
                <numerusform>%Ln min ago</numerusform>
                <numerusform>%Ln min ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n h ago</source>
            <translation>
                <numerusform>%Ln h ago</numerusform>
                <numerusform>%Ln h ago</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n d ago</source>
            <translation>
                <numerusform>%Ln d ago</numerusform>
                <numerusform>%Ln d ago</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ConflictRow</name>
        <message numerus="yes">
            <source>%n line(s) left out</source>
            <translation>
                <numerusform>%Ln line left out</numerusform>
                <numerusform>%Ln lines left out</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Conflict</name>
        <message numerus="yes">
            <source>%n field(s) need a decision.</source>
            <translation>
                <numerusform>%Ln field need a decision.</numerusform>
                <numerusform>%Ln fields need a decision.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>No field was changed by both of you: all %n are merged.</source>
            <translation>
                <numerusform>No field was changed by both of you: all %Ln are merged.</numerusform>
                <numerusform>No field was changed by both of you: all %Ln are merged.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n other field(s) are merged already.</source>
            <translation>
                <numerusform>%Ln other field is merged already.</numerusform>
                <numerusform>%Ln other fields are merged already.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ProfileHistory</name>
        <message numerus="yes">
            <source>%n card(s)</source>
            <translation>
                <numerusform>%Ln card</numerusform>
                <numerusform>%Ln cards</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FindingLines</name>
        <message numerus="yes">
            <source>%n more finding(s)</source>
            <translation>
                <numerusform>%Ln more finding</numerusform>
                <numerusform>%Ln more findings</numerusform>
            </translation>
        </message>
    </context>
</TS>
