/* The bundled contract against the specification's own words (spec.txt): what is said there is found in both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data/contract/load.h"
#include "tests/data/contract/files.h"

static struct contract *c;
static struct strbuf spec; /* without spaces and line ends: the specification breaks words */

static void squeeze(const char *text, struct strbuf *out)
{
	for (; *text != '\0'; text++)
		if (strchr(" \r\n\t", *text) == NULL)
			strbuf_add_char(out, *text);
}

static int load(void **state)
{
	struct complaints complaints = { 0 };
	struct strbuf path = { 0 }, text = { 0 }, said = { 0 };

	(void)state;
	source_path("data/contract/satte.conf", &path);
	int rc = contract_load(strbuf_text(&path), &c, &complaints, NULL);
	format_complaints(&complaints, &said);
	if (rc != 0)
		fprintf(stderr, "%s", strbuf_text(&said));
	read_whole("tests/data/contract/spec.txt", &text);
	squeeze(strbuf_text(&text), &spec);
	strbuf_release(&path);
	strbuf_release(&text);
	strbuf_release(&said);
	complaints_release(&complaints);
	return rc != 0 || spec.len == 0;
}

static int unload(void **state)
{
	(void)state;
	contract_free(c);
	strbuf_release(&spec);
	return 0;
}

static void spec_says(const char *words)
{
	struct strbuf text = { 0 };

	squeeze(words, &text);
	if (strstr(strbuf_text(&spec), strbuf_text(&text)) == NULL)
		fail_msg("the specification does not say '%s'", words);
	strbuf_release(&text);
}

static void six_sites_with_their_addresses(void **state)
{
	static const char *const shorts[] = { "本館", "香日向", "東公民", "西公民", "南公民", "北公民" };

	(void)state;
	assert_int_equal(c->site_count, 6);
	for (size_t i = 0; i < 6; i++) {
		struct strbuf row = { 0 };
		strbuf_addf(&row, "%d %s %s", (int)i + 1, c->sites[i].name.ja, c->sites[i].address);
		spec_says(strbuf_text(&row));
		assert_int_equal(c->sites[i].number, i + 1);
		assert_string_equal(c->sites[i].name.short_ja, shorts[i]);
		strbuf_release(&row);
	}
}

static void hours_and_days(void **state)
{
	(void)state;
	spec_says("原則 WebOPACは 24時間 365日、開館時間を考慮し、業務システムは 7:30～20:00は停止させないこと");
	const struct service *opac = contract_service(c, "webopac"), *business = contract_service(c, "business");
	assert_int_equal(opac->window.kind, OPEN_24X7);
	assert_int_equal(business->window.kind, OPEN_DAILY);
	assert_int_equal(business->window.from_s, 7 * 3600 + 30 * 60);
	assert_int_equal(business->window.to_s, 20 * 3600);
	assert_int_equal(c->business_from_s, business->window.from_s);
	assert_int_equal(c->business_to_s, business->window.to_s);
	assert_false(business->window.library_closed_days);
	spec_says("年末年始（12月 29日～1月 3日）を除き 24時間 365日受付可能とする");
	assert_int_equal(c->reception_closed_from_md, 1229);
	assert_int_equal(c->reception_closed_to_md, 103);
	assert_int_equal(c->office_closed_from_md, 1229);
	assert_int_equal(c->office_closed_to_md, 103);
	assert_int_equal(c->offset_s, 9 * 3600);
}

static void services_of_the_scope(void **state)
{
	static const char *const ids[] = { "business", "webopac", "homepage", "backup", "security", "logs" };

	(void)state;
	assert_int_equal(c->service_count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_non_null(contract_service(c, ids[i]));
	assert_true(contract_service(c, "homepage")->consult);
	spec_says("各サーバおよびデータベース等のバックアップを自動");
	assert_string_equal(contract_service(c, "backup")->kind, "backup");
}

static void recovery_within_48_hours(void **state)
{
	(void)state;
	spec_says("復旧までの目安は受注者への連絡後、48時間以内とする");
	assert_int_equal(c->recovery_target_s, 48 * 3600);
	assert_false(c->self_detected_counts);
	assert_true(contract_flow(c, "incident")->clock);
	assert_false(contract_flow(c, "inquiry")->clock);
}

static void the_flow_of_incidents(void **state)
{
	static const char *const names[] = { "受付", "診断", "切り分け", "復旧作業", "復旧確認", "原因報告", "完了" };
	static const char *const kinds[] = { "障害", "課題", "問合せ", "依頼", "改修要望", "セキュリティ", "作業" };
	const struct flow *f = contract_flow(c, "incident");

	(void)state;
	assert_int_equal(f->stage_count, 7);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(f->stages[i].name.ja, names[i]);
	assert_true(f->stages[3].started);
	assert_true(f->stages[4].recovered);
	assert_true(f->stages[6].closes);
	assert_int_equal(c->flow_count, 7);
	for (size_t i = 0; i < 7; i++) {
		assert_string_equal(c->flows[i].name.ja, kinds[i]);
		assert_true(c->flows[i].stages[c->flows[i].stage_count - 1].closes);
	}
	const struct flow *change = contract_flow(c, "change");
	assert_int_equal(change->example_count, 3);
	for (size_t i = 0; i < 3; i++)
		spec_says(change->examples[i].name.ja);
}

static void meetings_staff_warranty(void **state)
{
	(void)state;
	spec_says("定例会を６ヵ月に 1 回実施し、営業及び SE が現地訪問にて対応すること");
	assert_int_equal(c->meeting_months, 6);
	assert_string_equal(c->meeting_roles[0], "sales");
	assert_string_equal(c->meeting_roles[1], "engineer");
	spec_says("全体責任者を 1名配置すること");
	assert_int_equal(c->staff_managers, 1);
	spec_says("複数名配置すること");
	assert_int_equal(c->staff_min_engineers, 2);
	spec_says("専任の技術者");
	assert_true(c->staff_dedicated);
	spec_says("瑕疵担保責任は本システムの稼働日から１年間とする");
	assert_int_equal(c->warranty_months, 12);
}

static void deliverables_and_their_days(void **state)
{
	(void)state;
	assert_int_equal(c->deliverable_count, 3);
	spec_says("1 運用保守連絡体制図 書面／電子データ 年１回");
	spec_says("運用保守連絡体制図を毎年４月に提出すること");
	assert_string_equal(c->deliverables[0].name.ja, "運用保守連絡体制図");
	assert_string_equal(c->deliverables[0].rule, "yearly");
	assert_int_equal(c->deliverables[0].month, 4);
	assert_int_equal(c->deliverables[0].day, 30);
	spec_says("2 課題管理表 書面／電子データ 定例会時");
	assert_string_equal(c->deliverables[1].rule, "at-meeting");
	spec_says("定例会終了後５営業日以内に提出すること");
	assert_string_equal(c->deliverables[2].rule, "after-meeting");
	assert_int_equal(c->deliverables[2].business_days, 5);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(c->deliverables[i].form.ja, "書面／電子データ");
}

static void inventory_check(void **state)
{
	static const char *const names[] = { "計画", "準備", "貸出", "読取", "データ確認", "再調査", "確定", "返却", "報告" };

	(void)state;
	spec_says("ハンディターミナルを無償で 10台程度図書館へ貸出すること");
	assert_int_equal(c->terminals, 10);
	assert_int_equal(c->books_per_terminal_hour, 1000);
	assert_int_equal(c->phase_count, 9);
	for (size_t i = 0; i < 9; i++) {
		assert_string_equal(c->phases[i].name.ja, names[i]);
		assert_true(c->phases[i].item_count > 0);
	}
}

static void eleven_kinds_of_work(void **state)
{
	(void)state;
	assert_int_equal(c->work_count, 11);
	for (int i = 1; i <= 11; i++)
		spec_says(contract_work(c, i)->name.ja);
	assert_null(contract_work(c, 12));
}

static void talks_by_clause(void **state)
{
	(void)state;
	spec_says("緊急のシステム停止が必要な場合は、市と調整のうえ対応すること");
	assert_string_equal(contract_counterpart(c, "stop")->act, "coordination");
	assert_string_equal(contract_counterpart(c, "stop")->body.ja, "市");
	spec_says("システム管理者との協議により後日の対応とすることができる");
	assert_string_equal(contract_counterpart(c, "deferral")->act, "discussion");
	assert_string_equal(contract_counterpart(c, "deferral")->body.ja, "システム管理者");
	spec_says("提案について委託者と協議し、合意内容について");
	assert_string_equal(contract_counterpart(c, "patch")->act, "agreement");
	spec_says("市の承諾なく");
	assert_string_equal(contract_counterpart(c, "disclosure")->act, "consent");
	spec_says("疑義が生じた場合は、図書館と協議するものとする");
	assert_string_equal(contract_counterpart(c, "reading")->body.ja, "図書館");
	assert_true(c->reading_count >= 10);
}

static void hosts_are_placeholders(void **state)
{
	(void)state;
	for (size_t i = 0; i < c->host_count; i++) {
		assert_false(c->hosts[i].probe);
		assert_string_equal(c->hosts[i].address, "");
	}
	for (size_t i = 0; i < c->site_count; i++) {
		size_t devices = 0;
		for (size_t k = 0; k < c->host_count; k++)
			devices += strcmp(c->hosts[k].site, c->sites[i].id) == 0;
		assert_true(devices >= 2);
	}
	for (size_t i = 0; i < c->service_count; i++)
		assert_true(c->services[i].checks[0] != NULL && c->services[i].needs[0] != NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(six_sites_with_their_addresses), cmocka_unit_test(hours_and_days),
		cmocka_unit_test(services_of_the_scope),	  cmocka_unit_test(recovery_within_48_hours),
		cmocka_unit_test(the_flow_of_incidents),	  cmocka_unit_test(meetings_staff_warranty),
		cmocka_unit_test(deliverables_and_their_days),	  cmocka_unit_test(inventory_check),
		cmocka_unit_test(eleven_kinds_of_work),		  cmocka_unit_test(talks_by_clause),
		cmocka_unit_test(hosts_are_placeholders),
	};

	return cmocka_run_group_tests_name("the bundled contract", tests, load, unload);
}
