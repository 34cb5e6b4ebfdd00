package org.millrace.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millrace.hl7.AckCode;
import org.millrace.hl7.Replies;
import org.millrace.hl7.V2Fault;
import org.millrace.hl7.V2Message;
import org.millrace.hl7.V2Segment;
import org.millrace.hl7.V2Writer;
import org.millrace.mapping.CoverageMetrics;
import org.millrace.mapping.CoverageNote;
import org.millrace.mapping.Mapper;
import org.millrace.mapping.MappingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes ADR^A19: MSH MSA [ERR] QAK QRD [QRF] { QUERY_RESPONSE } [DSC]. Thread-safe.
 *
 * <p>Source: HL7 v2.5.1 ch. 3.3.19 (A19), ch. 5 (QAK), ch. 2.14.4 (DSC).
 */
final class ReplyWriter {
  private static final Logger LOG = LoggerFactory.getLogger(ReplyWriter.class);

  private final Mapper mapper;
  private final Replies replies;
  private final ZoneId zone;
  private final String mrnSystem;
  private volatile Optional<CoverageMetrics> coverage = Optional.empty();

  /**
   * @param mrnSystem whose number stands first in PID-3
   */
  ReplyWriter(Mapper mapper, Replies replies, ZoneId zone, String mrnSystem) {
    this.mapper = mapper;
    this.replies = replies;
    this.zone = zone;
    this.mrnSystem = mrnSystem;
  }

  void measuredBy(CoverageMetrics metrics) {
    coverage = Optional.of(metrics);
  }

  /** AE, QAK AE and no patient. */
  byte[] refuse(V2Message query, V2Fault fault) {
    V2Writer writer = start(query, AckCode.AE, List.of(fault), "");
    acknowledgeQuery(writer, query, "AE");
    echoQuery(writer, query);
    return writer.bytes();
  }

  /** AA with the patients of a page; QAK NF and no group if nobody matches. */
  byte[] answer(V2Message query, Page page) {
    String remarks =
        Stream.concat(page.warnings().stream().map(V2Fault::sentence), page.remarks().stream())
            .collect(Collectors.joining("; "));
    V2Writer writer = start(query, code(query, page), page.warnings(), remarks);
    acknowledgeQuery(writer, query, page.total() == 0 ? "NF" : "OK");
    writer
        .set(4, Integer.toString(page.total()))
        .set(5, Integer.toString(page.patients().size()))
        .set(6, Integer.toString(page.left()));
    echoQuery(writer, query);
    int setId = 0;
    for (Page.Shown shown : page.patients()) {
      for (List<JsonNode> group : groups(shown)) {
        setId++;
        writeGroup(writer, group, context(query, setId));
      }
    }
    page.pointer().ifPresent(pointer -> writer.segment("DSC").set(1, pointer).set(2, "I"));
    return writer.bytes();
  }

  /** That nobody matches is an answer; to some analyzers only an error is one. */
  private AckCode code(V2Message query, Page page) {
    boolean error =
        page.total() == 0 && replies.sender(query.header()).acknowledging().notFoundIsError();
    return error ? AckCode.AE : AckCode.AA;
  }

  /**
   * @param text in MSA-3; if empty, the sentence of the fault
   */
  private V2Writer start(V2Message query, AckCode code, List<V2Fault> faults, String text) {
    return replies.saying(text).start(query, "ADR", "A19", "ADR_A19", code, faults);
  }

  /** QAK-1 is QRD-4 as received: longer tags than the standard's ten characters are not cut. */
  private static void acknowledgeQuery(V2Writer writer, V2Message query, String status) {
    writer.segment("QAK");
    query.first("QRD").ifPresent(qrd -> writer.setRaw(1, qrd.field(4).raw()));
    writer.set(2, status);
  }

  private static void echoQuery(V2Writer writer, V2Message query) {
    query.first("QRD").map(V2Segment::rawBytes).ifPresent(writer::echo);
    query.first("QRF").map(V2Segment::rawBytes).ifPresent(writer::echo);
  }

  /** One group for each visit; one with the patient alone if there is none. */
  private static List<List<JsonNode>> groups(Page.Shown shown) {
    List<JsonNode> visits = new ArrayList<>(shown.visits());
    if (visits.isEmpty()) {
      visits.add(MissingNode.getInstance());
    }
    List<List<JsonNode>> groups = new ArrayList<>();
    for (JsonNode visit : visits) {
      List<JsonNode> group = new ArrayList<>();
      group.add(shown.match().withOldNumbers());
      if (!visit.isMissingNode()) {
        group.add(visit);
      }
      group.addAll(shown.allergies());
      groups.add(group);
    }
    return groups;
  }

  private MappingContext context(V2Message query, int setId) {
    return new MappingContext(
        zone,
        query.header().sender(),
        Map.of("set-id", Integer.toString(setId), "mrn-system", mrnSystem));
  }

  private void writeGroup(V2Writer writer, List<JsonNode> resources, MappingContext context) {
    Mapper.WrittenRun run = mapper.write(writer, "ADR^A19", "QUERY_RESPONSE", resources, context);
    coverage.ifPresent(metrics -> metrics.count(context.sender(), run.coverage()));
    for (CoverageNote note : run.coverage()) {
      LOG.debug("ADR^A19: {} {}: {}", note.kind(), note.path(), note.sentence());
    }
  }
}
