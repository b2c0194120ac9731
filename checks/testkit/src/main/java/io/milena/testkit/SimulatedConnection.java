package io.milena.testkit;

/**
 * Two pipes between a client's and a server's process.
 *
 * @param forth from the client to the server
 */
record SimulatedConnection(
        SimulatedProcess client,
        SimulatedProcess server,
        SimulatedPipe forth,
        SimulatedPipe back,
        SimulatedTransport clientEnd,
        SimulatedTransport serverEnd) {
    boolean isBetween(String host, String otherHost) {
        return (client.host().equals(host) && server.host().equals(otherHost))
                || (client.host().equals(otherHost) && server.host().equals(host));
    }

    boolean isOver() {
        return !clientEnd.isOpen() && !serverEnd.isOpen();
    }

    void lookAgain() {
        forth.lookAgain();
        back.lookAgain();
    }

    void reset() {
        forth.reset();
        back.reset();
    }

    /** The kernel closes what the dead process held open. */
    void closeEndsOf(SimulatedProcess process) {
        if (client == process) {
            clientEnd.close();
        }
        if (server == process) {
            serverEnd.close();
        }
    }
}
