"""What the record of events says about elections and ratification."""

ELECTIONS = {
    "election.set_up": "lập các cuộc bầu của {subject}",
    "election.nominated": "đưa đồng chí {name} vào danh sách {subject}",
    "election.withdrawn": "rút đồng chí {name} khỏi danh sách {subject}",
    "election.slate_fixed": "ghi đại hội chốt danh sách {subject}: {names} (tán thành {in_favour}/{base})",
    "election.slate_not_adopted": "ghi đại hội không thông qua danh sách {subject} (tán thành {in_favour}/{base})",
    "election.slate_reopened": "mở lại danh sách {subject}",
    "election.count_entered": "nhập kết quả kiểm phiếu {subject}, lần nhập {number}",
    "election.count_rejected": "yêu cầu kiểm đếm lại {subject}: {reasons}",
    "election.sealed": "xác nhận và niêm phong kết quả {subject}",
    "election.round_opened": "ghi đại hội quyết định bầu tiếp: {subject}, cần bầu {seats}",
    "election.concluded": "ghi đại hội quyết định dừng {subject}: {reasons}",
    "congress.reported": "trình đề nghị chuẩn y {subject}, tờ trình số {notation}",
    "congress.results_returned": "trả lại hồ sơ đề nghị chuẩn y {subject}: {reasons}",
    "congress.results_refused": "không chuẩn y {subject}, yêu cầu bầu lại: {reasons}",
    "congress.ratified": "chuẩn y {subject}, quyết định số {notation}",
}
