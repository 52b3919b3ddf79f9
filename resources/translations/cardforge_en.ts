<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BatchPanel</name>
    <message numerus="yes">
        <source>Start %n card(s)</source>
        <translation>
            <numerusform>Start %n card</numerusform>
            <numerusform>Start %n cards</numerusform>
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
    <name>LibraryPanel</name>
    <message numerus="yes">
        <source>%n card(s)</source>
        <translation>
            <numerusform>%n card</numerusform>
            <numerusform>%n cards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>Drop to add %n source(s) to the queue</source>
        <translation>
            <numerusform>Drop to add %n source to the queue</numerusform>
            <numerusform>Drop to add %n sources to the queue</numerusform>
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
