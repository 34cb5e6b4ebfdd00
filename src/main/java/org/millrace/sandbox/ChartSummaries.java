package org.millrace.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The summary of a chart that is made when it is read: {@code DocumentReference/$docref} tells
 * where, {@code Binary/$autogen-ccd-if} makes it. What it holds is the head of a CCD only.
 *
 * <p>Source: Cerner Millennium R4, DocumentReference and Binary; the statuses of wrong requests are
 * assumed.
 */
final class ChartSummaries {
  static final String DOCREF = "$docref";
  static final String CCD = "$autogen-ccd-if";

  private static final String LOINC = "http://loinc.org";
  private static final String SUMMARY = "34133-9";
  private static final String XML = "application/xml";
  private static final List<String> TIMES = List.of("start", "end");

  private final Site site;
  private final Records records;

  ChartSummaries(Site site, Records records) {
    this.site = site;
    this.records = records;
  }

  Answer docref(SearchParameters query) {
    ObjectNode patient = patient(query);
    String type =
        query.single("type").orElseThrow(() -> Refusal.badSearch("type must be provided"));
    ObjectNode bundle = Json.object().put("resourceType", "Bundle").put("type", "searchset");
    boolean made = type.equals(LOINC + "|" + SUMMARY) || type.equals(SUMMARY);
    bundle.put("total", made ? 1 : 0);
    if (made) {
      ObjectNode document =
          bundle
              .putArray("entry")
              .addObject()
              .putObject("resource")
              .put("resourceType", "DocumentReference")
              .put("status", "current");
      document
          .putObject("type")
          .putArray("coding")
          .addObject()
          .put("system", LOINC)
          .put("code", SUMMARY);
      document.putObject("subject").put("reference", "Patient/" + patient.path("id").asText());
      document
          .putArray("content")
          .addObject()
          .putObject("attachment")
          .put("contentType", XML)
          .put("url", address(patient, query));
    }
    return Answer.fhir(200, bundle);
  }

  private String address(ObjectNode patient, SearchParameters query) {
    StringBuilder url =
        new StringBuilder(site.fhirBaseUrl())
            .append("/Binary/")
            .append(CCD)
            .append("?patient=")
            .append(patient.path("id").asText());
    for (String name : TIMES) {
      query
          .single(name)
          .ifPresent(
              time ->
                  url.append('&')
                      .append(name)
                      .append('=')
                      .append(URLEncoder.encode(time, StandardCharsets.UTF_8)));
    }
    return url.toString();
  }

  Answer ccd(SearchParameters query, String accept) {
    byte[] document = document(patient(query));
    for (String asked : accept.split(",", -1)) {
      String media = asked.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
      if (media.equals(Answer.FHIR_JSON)) {
        ObjectNode binary = Json.object().put("resourceType", "Binary").put("contentType", XML);
        return Answer.fhir(200, binary.put("data", Base64.getEncoder().encodeToString(document)));
      }
      if (media.equals(XML) || media.equals("*/*")) {
        return Answer.of(200, XML, Buffer.buffer(document));
      }
    }
    throw Refusal.notAcceptable();
  }

  private ObjectNode patient(SearchParameters query) {
    TIMES.forEach(name -> query.single(name).ifPresent(any -> DateCriterion.all(query, name)));
    String id =
        query.single("patient").orElseThrow(() -> Refusal.badSearch("patient must be provided"));
    return records.find("Patient", id).orElseThrow(Refusal::notFound);
  }

  private static byte[] document(ObjectNode patient) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(bytes, "UTF-8");
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("ClinicalDocument");
      xml.writeDefaultNamespace("urn:hl7-org:v3");
      xml.writeEmptyElement("code");
      xml.writeAttribute("code", SUMMARY);
      xml.writeAttribute("codeSystem", "2.16.840.1.113883.6.1");
      xml.writeStartElement("recordTarget");
      xml.writeStartElement("patientRole");
      xml.writeEmptyElement("id");
      xml.writeAttribute("extension", patient.path("id").asText());
      xml.writeStartElement("patient");
      xml.writeStartElement("name");
      xml.writeStartElement("family");
      xml.writeCharacters(patient.at("/name/0/family").asText());
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException("memory takes what is written to it", impossible);
    }
    return bytes.toByteArray();
  }
}
