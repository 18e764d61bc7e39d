"""What the keys of settings documents are called in an exported document."""

from collections.abc import Mapping
from typing import Final

from services.contexts.genesis.engine.text import Language

_ZH: Final[Mapping[str, str]] = {
    "concept": "概念", "concept_candidates": "概念候选", "title": "标题", "premise": "前提", "hook": "钩子",
    "usp": "独特卖点", "genre": "类型", "target_audience": "目标读者", "themes": "主题词", "tone": "基调",
    "estimated_length": "预计篇幅", "unique_elements": "独特元素", "potential_conflicts": "潜在冲突",
    "scores": "评分", "total": "总分", "needs_optimization": "需要打磨", "improvement_suggestions": "改进建议",
    "concept_strength": "概念强度", "novelty": "新颖度", "genre_fit": "类型契合", "extensibility": "可延展性",
    "consistency": "一致性", "theme": "主题", "theme_candidates": "主题候选", "core_theme": "核心主题",
    "sub_themes": "子主题", "motifs": "母题", "value_tension": "价值张力", "thesis": "正题", "antithesis": "反题",
    "taboos": "禁忌", "philosophical_questions": "哲学追问", "emotional_core": "情感内核",
    "target_impact": "期望触动", "narrative_techniques": "叙事手法", "technique": "手法",
    "thematic_arc": "主题弧线", "opening": "开篇", "rising": "上升", "climax": "高潮", "resolution": "收束",
    "embodiment_paths": "体现路径", "path": "路径", "examples": "例子", "dimensions": "维度", "geography": "地理",
    "history": "历史", "culture": "文化", "rules": "规则", "society": "社会", "economy": "经济",
    "technology": "科技", "faith": "信仰", "core_rule": "核心规则", "boundaries": "边界",
    "power_system": "力量体系", "source": "来源", "cost": "代价", "levels": "等级", "limits": "限制",
    "entries": "条目", "entry_type": "条目类型", "tags": "标签", "glossary": "词汇表", "term": "词",
    "meaning": "含义", "name": "名称", "description": "描述", "characters": "角色", "role_type": "角色定位",
    "role": "角色", "importance": "重要性", "stance": "立场", "age": "年龄", "appearance": "外貌",
    "personality": "性格", "summary": "概述", "mbti": "MBTI", "traits": "特质", "strengths": "长处",
    "flaws": "缺陷", "background": "背景", "motivation": "动机", "goals": "目标", "short": "短期", "mid": "中期",
    "long": "长期", "obstacles": "障碍", "arc": "弧线", "wounds": "创伤", "voice": "声音", "monologue": "独白",
    "dialogues": "对白", "network": "关系网", "nodes": "节点", "edges": "关系", "from": "从", "to": "到",
    "type": "类型", "strength": "强度", "warnings": "提醒", "candidates": "方案", "logline": "一句话故事",
    "structure": "结构", "acts": "幕", "start_chapter": "起始章", "end_chapter": "结束章", "risks": "风险",
    "recommended": "推荐", "outline": "大纲", "chapter": "章", "scene": "场景", "place": "地点",
    "conflict_type": "冲突类型", "function": "作用", "tension": "张力", "motivation_fit": "动机契合（%）",
    "theme_fit": "主题契合（%）", "subplots": "支线", "tension_curve": "张力曲线", "details": "细节库",
    "person": "人物", "item": "物品", "skill": "技能", "organization": "组织", "category": "类别",
    "attributes": "属性", "links": "关联", "style_guide": "文风指南", "imagery": "意象", "rhetoric": "修辞",
    "dos": "宜", "donts": "忌",
}  # fmt: skip


def label_of(key: str, language: Language) -> str:
    """What a key is called; one that somebody made up is called by itself."""
    known = _ZH.get(key) if language == "zh" else None
    return known or key.replace("_", " ").capitalize()
