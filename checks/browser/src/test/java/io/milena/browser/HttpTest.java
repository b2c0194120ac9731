package io.milena.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program in a browser, which has no client of Kafka's: it writes with fetch and reads with an EventSource. */
@ExtendWith(InBrowser.class)
class HttpTest {
    private static final String PROGRAM = """
            async topic => {
              const post = (where, body) => fetch(`/api/v1${where}`, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)}).then(answer => answer.json());
              await post(`/topics/${topic}/records`, {records: ['one', 'two', 'three'].map(text => ({key: {text: 'k'}, value: {text}}))});
              const {id} = await post('/groups/scripts/consumers', {topics: [topic], from: 'earliest'});
              const seen = [];
              await new Promise((done, failed) => {
                const stream = new EventSource(`/api/v1/groups/scripts/consumers/${id}/stream?commit=true`);
                stream.addEventListener('record', event => {
                  seen.push(JSON.parse(event.data).value.text);
                  if (seen.length === 3) { stream.close(); done(); }
                });
                stream.addEventListener('problem', event => failed(new Error(event.data)));
              });
              await fetch(`/api/v1/groups/scripts/consumers/${id}`, {method: 'DELETE'});
              return seen.join();
            }\
            """;

    @Test
    void recordsAreWrittenAndStreamedWithoutAClientOfKafka(Visit visit, Served served) {
        served.create("scripted", 1);
        visit.open("/");

        assertEquals("one,two,three", visit.page().evaluate(PROGRAM, "scripted"));
    }
}
