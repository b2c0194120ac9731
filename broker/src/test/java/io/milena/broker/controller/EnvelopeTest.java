package io.milena.broker.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.milena.broker.api.RequestContext;
import io.milena.protocol.ApiKey;
import io.milena.protocol.RequestFrame;
import io.milena.protocol.message.EnvelopeRequest;
import io.milena.protocol.message.UnregisterBrokerRequest;
import io.milena.protocol.message.UnregisterBrokerResponse;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** What is passed on arrives as it was sent, in both directions. */
class EnvelopeTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 9092);

    @Test
    void aRequestComesOutAsItWentIn() throws Exception {
        UnregisterBrokerRequest request = new UnregisterBrokerRequest(7);
        RequestContext client = new RequestContext((short) 0, "someone", ADDRESS, ADDRESS, (key, action) -> {});
        EnvelopeRequest passedOn = Envelope.around(42, request, client);

        RequestFrame frame = RequestFrame.peek(passedOn.requestData());
        assertEquals(ApiKey.UNREGISTER_BROKER, frame.key());
        assertEquals(42, frame.correlationId());
        RequestFrame.Decoded within = frame.decode();
        assertEquals("someone", within.clientId());
        assertEquals(request, within.body());
    }

    @Test
    void anAnswerComesOutAsItWentIn() throws Exception {
        UnregisterBrokerResponse answer =
                UnregisterBrokerResponse.builder().errorMessage("why").build();
        Object opened =
                Envelope.opened(42, Envelope.answered(42, answer, (short) 0), ApiKey.UNREGISTER_BROKER, (short) 0);
        assertNotNull(opened);
        assertEquals(answer, opened);
    }
}
