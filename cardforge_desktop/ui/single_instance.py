"""One running window per store: a second start raises the first and hands its files over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QLockFile, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 2_000


class SingleInstance(QObject):
    """Holds the store's window lock. QtNetwork is imported only to hand over or, later, to listen.

    Signals:
        called(object): another start handed over these paths (a tuple, maybe empty): come to the front.
    """

    called = Signal(object)

    def __init__(self, data: Path) -> None:
        super().__init__()
        data.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(data / "window.lock"))
        self._lock.setStaleLockTime(0)
        digest = QCryptographicHash.hash(str(data).encode(), QCryptographicHash.Algorithm.Sha1)
        self._name = "cardforge-" + bytes(digest.toHex().data()).decode()[:20]
        self._server: QLocalServer | None = None

    def take(self) -> bool:
        """Take the lock; False when another window of this store runs."""
        return self._lock.tryLock(0)

    def hand_over(self, files: Sequence[Path]) -> bool:
        """Tell the running window about `files`; False when it does not answer."""
        import json

        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(json.dumps([str(file) for file in files]).encode() + b"\n")
        sent = socket.waitForBytesWritten(_WAIT_MS)
        socket.disconnectFromServer()
        if socket.state() != QLocalSocket.LocalSocketState.UnconnectedState:
            socket.waitForDisconnected(_WAIT_MS)
        return sent

    def listen(self) -> None:
        """Wait for later starts."""
        from PySide6.QtNetwork import QLocalServer

        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)
        self._server.newConnection.connect(self._accept)
        self._server.listen(self._name)

    def close(self) -> None:
        """Stop listening and free the lock."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    @Slot()
    def _accept(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is None:
            return
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(lambda: self._read(socket))
        if socket.bytesAvailable():
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        import json

        if not socket.canReadLine():
            return
        try:
            names = json.loads(bytes(socket.readLine().data()))
        except ValueError:
            return
        if isinstance(names, list):
            self.called.emit(tuple(Path(name) for name in names if isinstance(name, str)))
