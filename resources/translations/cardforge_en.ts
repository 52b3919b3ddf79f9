<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AssetsSection</name>
    <message numerus="yes">
        <source>%n icons are named “main”: readers do not know which one to show.</source>
        <translation>
            <numerusform>%n icons are named “main”: readers do not know which one to show.</numerusform>
            <numerusform>%n icons are named “main”: readers do not know which one to show.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchPanel</name>
    <message numerus="yes">
        <source>Drop to add %n source(s) to the queue</source>
        <translation>
            <numerusform>Drop to add %n source to the queue</numerusform>
            <numerusform>Drop to add %n sources to the queue</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Start %n card(s)</source>
        <translation>
            <numerusform>Start %n card</numerusform>
            <numerusform>Start %n cards</numerusform>
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
    <name>CardCommands</name>
    <message numerus="yes">
        <source>%n card(s) were deleted. Their files stay where they are.</source>
        <translation>
            <numerusform>%n card were deleted. Their files stay where they are.</numerusform>
            <numerusform>%n cards were deleted. Their files stay where they are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n card(s) are back.</source>
        <translation>
            <numerusform>%n card is back.</numerusform>
            <numerusform>%n cards are back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written</source>
        <translation>
            <numerusform>%n file written</numerusform>
            <numerusform>%n files written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left as they are</source>
        <translation>
            <numerusform>%n left as they are</numerusform>
            <numerusform>%n left as they are</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written.</source>
        <translation>
            <numerusform>%n file written.</numerusform>
            <numerusform>%n files written.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CardView</name>
    <message numerus="yes">
        <source>%n entry(s)</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more entry(s). The editor shows them all.</source>
        <translation>
            <numerusform>… and %n more entry. The editor shows them all.</numerusform>
            <numerusform>… and %n more entries. The editor shows them all.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Carrier</name>
    <message numerus="yes">
        <source>Copied %n card(s) as file. Paste into a folder or another app.</source>
        <extracomment>Cards in a drag or on the clipboard; for more there is Export. Seconds that copies are kept: the program they were given to reads them when it wants to. What begins a drag, once its files are there.</extracomment>
        <translation>
            <numerusform>Copied %n card as file. Paste into a folder or another app.</numerusform>
            <numerusform>Copied %n cards as file. Paste into a folder or another app.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Up to %n card(s) can be carried at once. Use Export for more.</source>
        <translation>
            <numerusform>Up to %n card can be carried at once. Use Export for more.</numerusform>
            <numerusform>Up to %n cards can be carried at once. Use Export for more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChecksPane</name>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hint(s)</source>
        <translation>
            <numerusform>%n hint</numerusform>
            <numerusform>%n hints</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DiffView</name>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>Export %n card(s)</source>
        <translation>
            <numerusform>Export %n card</numerusform>
            <numerusform>Export %n cards</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looked through the first %1 of %n card(s).</source>
        <translation>
            <numerusform>Looked through the first %1 of %n card.</numerusform>
            <numerusform>Looked through the first %1 of %n cards.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n card(s) lose something in this format:</source>
        <translation>
            <numerusform>%1 of %n card lose something in this format:</numerusform>
            <numerusform>%1 of %n cards lose something in this format:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message numerus="yes">
        <source>%n tag(s)</source>
        <translation>
            <numerusform>%n tag</numerusform>
            <numerusform>%n tags</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n star(s) or more</source>
        <translation>
            <numerusform>%n star or more</numerusform>
            <numerusform>%n stars or more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message numerus="yes">
        <source>%n place(s) replaced</source>
        <translation>
            <numerusform>%n place replaced</numerusform>
            <numerusform>%n places replaced</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n place(s)</source>
        <translation>
            <numerusform>%n place</numerusform>
            <numerusform>%n places</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FindingLines</name>
    <message numerus="yes">
        <source>%n more finding(s)</source>
        <translation>
            <numerusform>%n more finding</numerusform>
            <numerusform>%n more findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Frame</name>
    <message numerus="yes">
        <source>%n card(s) are not finished</source>
        <extracomment>The status bar is read anew at most so often; it counts seconds, not events.</extracomment>
        <translation>
            <numerusform>%n card is not finished</numerusform>
            <numerusform>%n cards are not finished</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n card(s) finished.</source>
        <translation>
            <numerusform>%n card finished.</numerusform>
            <numerusform>%n cards finished.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 %n failed.</source>
        <translation>
            <numerusform>%1 %n failed.</numerusform>
            <numerusform>%1 %n failed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryPane</name>
    <message numerus="yes">
        <source>%n more field(s) not shown here.</source>
        <translation>
            <numerusform>%n more field not shown here.</numerusform>
            <numerusform>%n more fields not shown here.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportCounts</name>
    <message numerus="yes">
        <source>%n card(s) added</source>
        <translation>
            <numerusform>%n card added</numerusform>
            <numerusform>%n cards added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with warnings</source>
        <translation>
            <numerusform>%n with warnings</numerusform>
            <numerusform>%n with warnings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n already there</source>
        <translation>
            <numerusform>%n already there</numerusform>
            <numerusform>%n already there</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s) only</source>
        <translation>
            <numerusform>%n picture only</numerusform>
            <numerusform>%n pictures only</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n book(s) only</source>
        <translation>
            <numerusform>%n book only</numerusform>
            <numerusform>%n books only</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not read</source>
        <translation>
            <numerusform>%n not read</numerusform>
            <numerusform>%n not read</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LibraryPanel</name>
    <message numerus="yes">
        <source>Drop to import %n file(s) into the library</source>
        <translation>
            <numerusform>Drop to import %n file into the library</numerusform>
            <numerusform>Drop to import %n files into the library</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PictureQuestion</name>
    <message numerus="yes">
        <source>%n picture(s) without a character card</source>
        <translation>
            <numerusform>%n picture without a character card</numerusform>
            <numerusform>%n pictures without a character card</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PromptPreview</name>
    <message numerus="yes">
        <source>%n more part(s), %1 tokens, not shown here.</source>
        <translation>
            <numerusform>%n more part, %1 tokens, not shown here.</numerusform>
            <numerusform>%n more parts, %1 tokens, not shown here.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueController</name>
    <message numerus="yes">
        <source>Passed over %n file(s) that did not hold a card.</source>
        <extracomment>Above this many changed items the whole queue is read. Pause before a store that was busy is read again.</extracomment>
        <translation>
            <numerusform>Passed over %n file that did not hold a card.</numerusform>
            <numerusform>Passed over %n files that did not hold a card.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueDelegate</name>
    <message numerus="yes">
        <source>%1 · %n remark(s)</source>
        <extracomment>What came of a row; where nothing was spent yet an error takes all three cells.</extracomment>
        <translation>
            <numerusform>%1 · %n remark</numerusform>
            <numerusform>%1 · %n remarks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RulesOff</name>
    <message numerus="yes">
        <source>%n rule(s) switched off</source>
        <translation>
            <numerusform>%n rule switched off</numerusform>
            <numerusform>%n rules switched off</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsPanel</name>
    <message numerus="yes">
        <source>%n card(s)</source>
        <translation>
            <numerusform>%n card</numerusform>
            <numerusform>%n cards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SeveralCards</name>
    <message numerus="yes">
        <source>%n card(s) selected</source>
        <translation>
            <numerusform>%n card selected</numerusform>
            <numerusform>%n cards selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting for Start</source>
        <translation>
            <numerusform>%n waiting for Start</numerusform>
            <numerusform>%n waiting for Start</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n call(s) of unknown price</source>
        <translation>
            <numerusform>%1 and %n call of unknown price</numerusform>
            <numerusform>%1 and %n calls of unknown price</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TagDialog</name>
    <message numerus="yes">
        <source>Tags of %n card(s)</source>
        <translation>
            <numerusform>Tags of %n card</numerusform>
            <numerusform>Tags of %n cards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tasks</name>
    <message numerus="yes">
        <source>%n finding(s) mended. Undo takes all of it back.</source>
        <translation>
            <numerusform>%n finding mended. Undo takes all of it back.</numerusform>
            <numerusform>%n findings mended. Undo takes all of it back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written. %1</source>
        <translation>
            <numerusform>%n file written. %1</numerusform>
            <numerusform>%n files written. %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written.</source>
        <translation>
            <numerusform>%n file written.</numerusform>
            <numerusform>%n files written.</numerusform>
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
    <name>_Tile</name>
    <message numerus="yes">
        <source>%n call(s) · %1 tokens</source>
        <translation>
            <numerusform>%n call · %1 tokens</numerusform>
            <numerusform>%n calls · %1 tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of %2 calls of unknown price · %1 tokens</source>
        <translation>
            <numerusform>%n of %2 calls of unknown price · %1 tokens</numerusform>
            <numerusform>%n of %2 calls of unknown price · %1 tokens</numerusform>
        </translation>
    </message>
</context>
</TS>
