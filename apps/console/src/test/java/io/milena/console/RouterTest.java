package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Page all = request -> Page.Response.text(200, "all");
    private final Page one = request -> Page.Response.text(200, "one");
    private final Router router = new Router().add("/topics", all).add("/topics/{topic}", one);

    private Router.Match find(String uri) throws BadRequest {
        return router.find(URI.create(uri)).orElseThrow();
    }

    private Request request(String uri) throws BadRequest {
        Router.Match match = find(uri);
        return new Request(match.path(), match.query(), Request.Headers.NONE, new byte[0]);
    }

    @Test
    void aNameInBracesStandsForOneSegment() throws BadRequest {
        assertEquals(all, find("/topics").page("GET"));
        Router.Match match = find("/topics/orders?limit=7&limit=8&flag");
        assertEquals(one, match.page("GET"));
        assertEquals(Map.of("topic", "orders"), match.path());
        assertEquals(Map.of("limit", "7", "flag", ""), match.query());
        assertEquals(List.of("limit"), match.repeated());
        assertEquals(Optional.empty(), router.find(URI.create("/topics/orders/more")));
        assertEquals(Optional.empty(), router.find(URI.create("/")));
    }

    @Test
    void aPathHasAPageForEachMethod() throws BadRequest {
        router.add("POST", "/topics", one);
        Router.Match match = find("/topics");
        assertEquals(all, match.page("HEAD"));
        assertEquals(one, match.page("POST"));
        assertEquals(null, match.page("DELETE"));
        assertEquals("GET, HEAD, POST", match.methods());
    }

    @Test
    void aNameInTheQueryThatThePageDoesNotReadIsRefused() throws BadRequest {
        router.add("/topics/{topic}/records", one, List.of("limit", "offset")).add("/look", one, Router.ANY_NAME);
        for (String fine : List.of(
                "/topics?", "/topics/x/records?limit=1&offset", "/topics/x/records?&limit=1&", "/look?a=1&a=2")) {
            find(fine).checkQuery("GET");
            find(fine).checkQuery("POST"); // answered elsewhere
        }
        assertEquals("There is no query parameter limit here; allowed are none.", refusal("/topics?limit=1"));
        assertEquals(
                "There is no query parameter Limit here; allowed are limit, offset.",
                refusal("/topics/x/records?Limit=1"));
        assertEquals(
                "The query parameter limit is there more than once.", refusal("/topics/x/records?limit=1&limit=2"));
    }

    private String refusal(String uri) throws BadRequest {
        Router.Match match = find(uri);
        BadRequest refused = assertThrows(BadRequest.class, () -> match.checkQuery("HEAD"));
        assertEquals(400, refused.status());
        return refused.detail();
    }

    @Test
    void whatIsEncodedIsDecodedAfterItWasFound() throws BadRequest {
        assertEquals("a/b c+d", request("/topics/a%2Fb%20c+d").part("topic"));
        assertEquals("a b+c", request("/topics/x?name=a+b%2Bc").query("name"));
    }

    @Test
    void aNumberHasBounds() throws BadRequest {
        Request request = request("/topics/12?a=5&b=x");
        assertEquals(5, request.number("a", 1, 0, 5));
        assertEquals(1, request.number("c", 1, 0, 5));
        assertEquals(12, request.numberPart("topic", 0, 12));
        assertEquals(
                400,
                assertThrows(BadRequest.class, () -> request.number("a", 1, 0, 4))
                        .status());
        assertEquals(
                400,
                assertThrows(BadRequest.class, () -> request.number("b", 1, 0, 4))
                        .status());
    }
}
