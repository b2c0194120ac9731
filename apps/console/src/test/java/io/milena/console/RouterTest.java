package io.milena.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Page all = request -> Page.Response.text(200, "all");
    private final Page one = request -> Page.Response.text(200, "one");
    private final Router router = new Router().add("/topics", all).add("/topics/{topic}", one);

    private Router.Match find(String uri) throws BadRequest {
        return router.find(URI.create(uri), "any").orElseThrow();
    }

    @Test
    void aNameInBracesStandsForOneSegment() throws BadRequest {
        assertEquals(all, find("/topics").page());
        Router.Match match = find("/topics/orders?limit=7&limit=8&flag");
        assertEquals(one, match.page());
        assertEquals(new Request(Map.of("topic", "orders"), Map.of("limit", "7", "flag", ""), "any"), match.request());
        assertEquals(Optional.empty(), router.find(URI.create("/topics/orders/more"), ""));
        assertEquals(Optional.empty(), router.find(URI.create("/"), ""));
    }

    @Test
    void whatIsEncodedIsDecodedAfterItWasFound() throws BadRequest {
        assertEquals("a/b c+d", find("/topics/a%2Fb%20c+d").request().part("topic"));
        assertEquals("a b+c", find("/topics/x?name=a+b%2Bc").request().query("name"));
    }

    @Test
    void aNumberHasBounds() throws BadRequest {
        Request request = find("/topics/12?a=5&b=x").request();
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
