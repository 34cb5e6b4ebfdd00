package org.millrace.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millrace.delivery.DeliverySettings;
import org.millrace.delivery.MessageMapping;
import org.millrace.hl7.StrictCheck;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Message;
import org.millrace.intake.ContentCheck;
import org.millrace.intake.ReasonCodes;
import org.millrace.journal.Feed;
import org.millrace.journal.Reason;
import org.millrace.mapping.MappedResource;
import org.millrace.mapping.MappingContext;
import org.millrace.mapping.Verdict;

/**
 * What a strict feed asks of a message: HL7 v2.5.1 first; if that is in order, the mapping is run
 * as delivery will run it, and what it would hold for a fault of the content is told. Thread-safe.
 */
final class StrictContent implements ContentCheck {
  /** Stands for the patient who is not looked up yet; nothing is sent of this run. */
  private static final String ANYBODY = "Patient/0";

  private final StrictCheck standard = new StrictCheck();
  private final MessageMapping mapping;
  private final DeliverySettings settings;

  StrictContent(MessageMapping mapping, DeliverySettings settings) {
    this.mapping = mapping;
    this.settings = settings;
  }

  @Override
  public List<V2Fault> faults(V2Message message, Feed feed) {
    List<V2Fault> faults = standard.check(message);
    MessageMapping ofTenant = mapping.ofTenant(feed.tenant());
    return faults.isEmpty() && ofTenant.messageTypes().contains(message.header().type())
        ? held(message, feed, ofTenant)
        : faults;
  }

  private List<V2Fault> held(V2Message message, Feed feed, MessageMapping ofTenant) {
    Map<String, String> given = new HashMap<>(settings.given());
    given.put("subject", ANYBODY);
    MappingContext context = new MappingContext(feed.zone(), message.header().sender(), given);
    List<V2Fault> faults = new ArrayList<>();
    for (MappedResource each : ofTenant.map(message, context).resources()) {
      Verdict verdict = each.verdict();
      if (verdict.decision() == Verdict.Decision.HOLD && ReasonCodes.inTheContent(verdict.code())) {
        String place = verdict.path().isEmpty() ? each.anchor() : verdict.path();
        faults.add(ReasonCodes.fault(Reason.of(verdict.code(), verdict.reason()).at(place)));
      }
    }
    return faults;
  }
}
