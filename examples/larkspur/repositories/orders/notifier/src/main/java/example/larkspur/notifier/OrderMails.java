package example.larkspur.notifier;

import java.util.Map;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;

@Component
class OrderMails {
    private static final Map<String, String> SUBJECTS = Map.of(
            "PAID", "We have received your order",
            "SHIPPED", "Your parcel is on its way",
            "DELIVERED", "Your parcel has arrived",
            "RETURNED", "We have received your return");

    private final JavaMailSender mail;
    private final Recipients recipients;

    OrderMails(JavaMailSender mail, Recipients recipients) {
        this.mail = mail;
        this.recipients = recipients;
    }

    @KafkaListener(topics = "orders.changed.v1", groupId = "order-notifier")
    void onOrderChanged(OrderChanged event) {
        String subject = SUBJECTS.get(event.to());
        if (subject == null) {
            return;
        }
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom("orders@larkspur.example");
        message.setTo(recipients.of(event.orderId()));
        message.setSubject(subject);
        mail.send(message);
    }

    record OrderChanged(String orderId, String from, String to) {}

    interface Recipients {
        String of(String orderId);
    }
}
