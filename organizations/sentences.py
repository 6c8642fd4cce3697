"""What the record of events says about the tree, the rolls and the rights."""

ORGANIZATIONS = {
    "organization.founded": "ghi nhận thành lập {subject}",
    "organization.split": "ghi nhận {subject} được chia tách từ {source} theo {decision}",
    "organization.closed": "ghi nhận {subject} kết thúc hoạt động theo {decision}",
    "organization.renamed": "ghi nhận đổi tên {before} thành {subject} theo {decision}",
    "organization.converted": "ghi nhận {subject} chuyển từ {before} thành {after} theo {decision}",
    "organization.moved": "ghi nhận {subject} chuyển từ {before} về {after} theo {decision}",
    "organization.divided": "ghi nhận chia tách {subject}, thành lập {names} theo {decision}",
    "organization.merged": "ghi nhận sáp nhập {subject} vào {into} theo {decision}",
    "organization.consolidated": "ghi nhận hợp nhất {names} thành {subject} theo {decision}",
    "member.enrolled": "thêm đồng chí {subject} vào danh sách đảng viên",
    "member.updated": "sửa thông tin của đồng chí {subject}: {changed}",
    "member.standing_set": "ghi đồng chí {subject} thuộc diện “{kind}”, căn cứ {ground}",
    "member.standing_ended": "ghi đồng chí {subject} hết diện “{kind}”",
    "member.transferred": "ghi đồng chí {subject} chuyển sinh hoạt đảng từ {source} đến {target} theo {decision}",
    "roll.imported": "nhập danh sách đảng viên của {subject} từ tệp “{file}”: {read} dòng, {created} thêm mới, "
    "{updated} sửa, {unchanged} không đổi, {refused} trả lại",
    "tree.imported": "nhập cây tổ chức dưới {subject} từ tệp “{file}”: {read} dòng, {created} thêm mới, "
    "{updated} bổ sung, {unchanged} không đổi, {refused} trả lại",
    "import.uploaded": "tải lên tệp “{file}” để nhập vào {subject}",
    "import.discarded": "bỏ lần nhập tệp “{file}”",
    "post.given": "ghi đồng chí {name} giữ chức vụ {post} {subject}",
    "role.granted": "giao vai trò “{role}” tại {subject} cho đồng chí {name}",
    "role.revoked": "thu hồi vai trò “{role}” tại {subject} của đồng chí {name}",
    "role.handed_over": "bàn giao vai trò {roles} tại {subject} từ đồng chí {name} sang đồng chí {to}, kể từ {on}",
    "link.made": "tạo liên kết chỉ xem “{subject}”{used_at}",
    "link.revoked": "thu hồi liên kết chỉ xem “{subject}”{used_at}",
}
