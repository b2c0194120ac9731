package io.milena.cli.why;

import java.util.List;

/**
 * Why was a request denied?
 *
 * @param refusals what the brokers remember of requests that they refused, the latest last
 */
public record WhyRequest(List<Refusal> refusals) {
    public Answer answer() {
        Answer.Reasoning because = new Answer.Reasoning();
        if (refusals.isEmpty()) {
            return because.so(
                    "none was denied since the brokers were started",
                    "a client that gets no answer at all may not reach the broker: look at its bootstrap.servers and at"
                            + " advertised.listeners");
        }
        refusals.forEach(each -> because.found(each.told()));
        Refusal last = refusals.getLast();
        RefusalReason reason = RefusalReason.of(last);
        return because.so(
                "the last was denied because " + reason.because(),
                reason.advice().toArray(String[]::new));
    }
}
