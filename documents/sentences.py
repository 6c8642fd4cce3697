"""What the record of events says about drafts and papers."""

DOCUMENTS = {
    "document.created": "lập {subject}",
    "document.version_saved": "lưu {subject}, dự thảo lần {number}",
    "document.submitted": "trình {subject} xin ý kiến, vòng {round}, dự thảo lần {number}",
    "document.withdrawn": "rút {subject} về để sửa",
    "document.commented": "góp ý vào {subject}, {section}",
    "document.changes_requested": "yêu cầu chỉnh sửa {subject}: {reasons}",
    "document.approved": "phê duyệt {subject}, dự thảo lần {number}",
    "document.reopened": "mở lại {subject} để chỉnh sửa: {reasons}",
    "paper.minutes_issued": "lập biên bản {subject} số {notation}",
    "report.issued": "lập {subject} số {notation}",
    "particulars.asked": "in danh sách trích ngang {who} của {subject}, {count} đồng chí",
    "paper.retried": "yêu cầu tạo lại tệp của {subject}",
}
